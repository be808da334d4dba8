"""不再提示: in force from the first day to the last, both included, and not after."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, build_city, build_people, sign_in
from xinmei.publishing.allowing.queries import allowed_at, allowed_on
from xinmei.publishing.models import AllowListEntry

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    spans = {
        "在用": (TODAY, None),
        "末日": (TODAY - DAY, TODAY),
        "停用": (TODAY - 9 * DAY, TODAY - DAY),
        "未到": (TODAY + DAY, None),
    }
    for text, (starts_on, ends_on) in spans.items():
        for unit in (city.units["DH"], None):
            of = {"set": "assessment", "criterion": "typo", "reason": "地名", "by": "谭检查", "at": NOW}
            AllowListEntry.objects.create(
                rule="typos/x",
                text=f"{text}{'一' if unit else '全'}",
                unit=unit,
                starts_on=starts_on,
                ends_on=ends_on,
                **of,
            )
    return city


def test_what_is_over_or_only_begins_hides_nothing(city):
    assert {one.text for one in allowed_at(city.units["DH"].pk, TODAY)} == {"在用一", "在用全", "末日一", "末日全"}
    assert {one.text for one in allowed_at(city.units["SW"].pk, TODAY)} == {"在用全", "末日全"}
    assert {unit: {one.text for one in rows} for unit, rows in allowed_on(TODAY).items()} == {
        city.units["DH"].pk: {"在用一", "末日一"},
        None: {"在用全", "末日全"},
    }


def test_the_list_tells_what_is_in_force(city):
    with time_machine.travel(NOW, tick=False):
        client = sign_in(Client(), city.people["cha"])
        now, ended = (client.get(f"/allow-list/?state={state}").content.decode() for state in ("now", "ended"))
    assert [one for one in ("在用一", "末日一", "停用一", "未到一") if one in now] == ["在用一", "末日一"]
    assert [one for one in ("在用一", "末日一", "停用一", "未到一") if one in ended] == ["停用一"]
