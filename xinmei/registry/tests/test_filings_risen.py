"""A step has a term; on its last day whoever has the filing is reminded, after it the office above sees it too."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import NOW, City, act, act_as
from xinmei.core.calendar import SHANGHAI
from xinmei.notices.models import Notice
from xinmei.people.models import Event
from xinmei.registry.duties import at_desk
from xinmei.registry.filings.queries import standing_of
from xinmei.registry.filings.rising import remind_and_raise
from xinmei.registry.models import Filing
from xinmei.registry.tests.filing import OPEN, bring, build, write

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# NOW is a Tuesday: three working days end with Friday.
FRIDAY, SATURDAY = datetime(2026, 5, 15, 10, tzinfo=SHANGHAI), datetime(2026, 5, 16, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 5, 18, 10, tzinfo=SHANGHAI)


@pytest.fixture
def city() -> City:
    return build()


@pytest.fixture
def filing(city: City) -> Filing:
    """An OPEN of the town, which waits for its county since NOW."""
    written = write("zhengguan", matter="OPEN", profile={**OPEN, "name": "桃源发布"})
    found: Filing = act("filing.submit", written.pk, by="zhengguan")
    return found


def told(filing: Filing) -> list[tuple[str, str]]:
    """What the job told of a filing, and whom."""
    rows = Notice.objects.filter(address=f"/filings/{filing.pk}/", title__contains="一步")
    return sorted(rows.values_list("audience", "title"))


def test_the_office_has_three_working_days_and_is_reminded_on_the_last(filing: Filing) -> None:
    assert filing.step_due_at == SATURDAY
    assert remind_and_raise(FRIDAY - DAY).reminded == 0
    assert [remind_and_raise(FRIDAY).reminded, remind_and_raise(FRIDAY).reminded] == [1, 0]
    assert told(filing) == [("supervisors", "开设备案“桃源发布”这一步 5月15日 24:00 到期")]


def test_once_it_is_late_the_office_above_sees_who_has_it_since_when(city: City, filing: Filing) -> None:
    before = (filing.state, Event.objects.count())
    assert [remind_and_raise(MONDAY).risen, remind_and_raise(MONDAY).risen] == [1, 0]
    filing.refresh_from_db()
    assert (filing.state, Event.objects.count()) == before  # no decision was taken
    assert [audience for audience, _ in told(filing)] == ["heads", "supervisors"]
    assert standing_of(filing).rises == "市政府办公室"
    (duty,) = [one for one in at_desk(act_as(city, "tou"), MONDAY).duties if "逾期的备案" in one.title]
    assert "东湖县自 5月12日 10:00 起没有办" in duty.about
    assert not [one for one in at_desk(act_as(city, "tou"), NOW).duties if "逾期的备案" in one.title]
    act("filing.approve", filing.pk, by="zhu", at=MONDAY, accept=filing.problems)
    assert not [one for one in at_desk(act_as(city, "tou"), MONDAY).duties if "逾期的备案" in one.title]


def test_the_unit_that_does_not_register_is_seen_by_its_supervisor(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    assert filing.step_due_at == filing.register_by
    assert remind_and_raise(FRIDAY).reminded == 0  # it stands in the unit's merged reminder
    assert remind_and_raise(MONDAY).risen == 1
    assert [audience for audience, _ in told(filing)] == ["editors", "heads"]


def test_what_was_under_way_before_steps_had_a_term_gets_one(filing: Filing) -> None:
    Filing.objects.update(step_due_at=None)
    assert remind_and_raise(FRIDAY).reminded == 1
