"""A fault is compared with what stands of the same owner, not with the whole city."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW
from tests.lived import finding_of, live_two_months
from xinmei.supervision.models import Finding
from xinmei.supervision.raising import raise_findings
from xinmei.supervision.terms import make_late_fault

pytestmark = pytest.mark.django_db


def test_one_act_reads_the_findings_of_its_owner_alone():
    city = live_two_months()
    assert Finding.objects.exclude(owner="DH-1").exists()
    late = (city.accounts["DH-1"], city.units["DH"], make_late_fault(finding_of("DH-1"), NOW, NOW))
    with CaptureQueriesContext(connection) as read:
        (raised,) = raise_findings([late], NOW, "2021")
    asked = [one["sql"] for one in read if 'SELECT "supervision_finding"."owner"' in one["sql"]]
    assert len(asked) == 1
    assert "DH-1" in asked[0]
    assert raise_findings([late], NOW, "2021") == []
    assert (raised.owner, raised.parent) == ("DH-1", finding_of("DH-1"))


def test_a_finding_names_its_post_its_message_or_the_finding_that_was_rectified_late():
    live_two_months()
    typo = finding_of("DH-1")
    assert (typo.post and typo.post.code, typo.message, typo.parent) == ("DH-1-70", None, None)
    silent = Finding.objects.get(criterion="silent_two_weeks")
    assert (silent.post, silent.message, silent.parent) == (None, None, None)
    assert json.loads(bytes(typo.evidence.data))["version"] == 1
