"""What the people of the made city did beside: no page that somebody opens there is empty."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from xinmei.collectors.bundle.actions import import_bundle
from xinmei.collectors.demo import write_demo_bundle
from xinmei.collectors.demo.desks import work_at_desks
from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import ApprovedSource, Draft, Function, Policy
from xinmei.registry.models import Case, Custody, Difference, Exemption, Filing, Incident, Report
from xinmei.supervision.models import Asking, Finding

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)


def test_the_made_city_has_filings_and_drafts_in_every_state_and_all_that_is_kept_beside(tmp_path: Path) -> None:
    write_demo_bundle(tmp_path, until=MONDAY, accounts=60, posts_per_account_day=0.01)
    import_bundle(tmp_path, by=SYSTEM, at=MONDAY, keep_good_rows=False, refuse=lambda row: pytest.fail(row.error))
    work_at_desks(MONDAY)
    assert set(Filing.objects.values_list("state", flat=True)) == set(Filing.State.values)
    assert set(Draft.objects.values_list("state", flat=True)) == set(Draft.State.values) - {"WITHDRAWN"}
    over = Filing.objects.get(matter="SHUT_DOWN", state="DONE")
    assert (str(over.announced_on), str(over.allowed_from)) == ("2026-09-21", "2026-10-20")
    assert Finding.objects.filter(criterion="late_registration").count() == 1  # of the one that was registered late
    assert set(Function.objects.values_list("outcome", flat=True)) == {"", *Function.State.values}
    assert set(Asking.objects.values_list("state", flat=True)) == {"PLANNED", "ANSWERED", "JUDGED"}
    for kept in (Case, Custody, Difference, Exemption, Incident, Report, ApprovedSource, Policy):
        assert kept.objects.exists(), kept
