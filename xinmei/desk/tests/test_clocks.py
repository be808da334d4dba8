"""The clock and the strip are three-valued: seen, seen empty, could not see."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.cast import NOW
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import resolve_readings
from xinmei.desk.clocks import Clock, owed_originals, year_of
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import AccountFacts, Sight, Update
from xinmei.units.models import Unit

DAY = timedelta(days=1)


def _account(**fields: object) -> Account:
    unit = Unit(code="DH", name="东湖县", kind="county")
    return Account(
        code="DH-1",
        unit=unit,
        platform="wechat",
        name="东湖发布",
        opened_on=date(2022, 3, 1),
        status="active",
        **fields,
    )


def _fill(week: str, *, posts: list[datetime], seen: tuple[datetime, datetime] | None) -> str:
    account = _account()
    looks = [Sight(seen[0], seen[1], "rss", "complete", "", None)] if seen else []
    facts = AccountFacts(account, account.unit, updates=[Update(at, None, "original") for at in posts], looks=looks)
    return next(one.fill for one in year_of(account, facts, 2026, NOW, resolve_readings({})).weeks if one.name == week)


MONDAY = datetime(2026, 4, 20, tzinfo=SHANGHAI)


def test_a_week_that_was_seen_without_a_post_is_red() -> None:
    assert _fill("2026-W17", posts=[], seen=(MONDAY - DAY, MONDAY + 8 * DAY)) == "f-empty"


def test_a_week_that_nobody_saw_is_hatched_never_red() -> None:
    assert _fill("2026-W17", posts=[], seen=None) == "unseen"
    assert _fill("2026-W17", posts=[], seen=(MONDAY - DAY, MONDAY + 6 * DAY)) == "unseen"


def test_a_post_makes_a_week_blue_whether_or_not_all_of_it_was_seen() -> None:
    assert _fill("2026-W17", posts=[MONDAY + DAY], seen=None) == "f-1"


def test_a_week_that_is_not_over_is_not_judged() -> None:
    assert _fill("2026-W20", posts=[], seen=(MONDAY, NOW)) == "f-none"


def test_the_strip_has_a_place_for_each_week_of_the_year() -> None:
    account = _account()
    weeks = year_of(account, AccountFacts(account, account.unit), 2026, NOW, resolve_readings({})).weeks
    assert (len(weeks), weeks[0].name, weeks[-1].name) == (53, "2026-W01", "2026-W53")


def test_the_clock_hatches_what_came_after_the_last_look() -> None:
    clock = Clock(NOW - 10 * DAY, NOW - 4 * DAY, NOW)
    assert (clock.days, clock.seen_width, clock.unseen_width, clock.colour) == (10, 6.0, 4.0, "amber")


def test_the_clock_is_full_after_two_weeks_and_red() -> None:
    clock = Clock(NOW - 20 * DAY, NOW, NOW)
    assert (clock.width, clock.colour) == (14.0, "red")


def test_fifty_originals_are_owed_pro_rata_and_rounded_up() -> None:
    # 132 of 365 days have begun by 12 May: 50 × 132 ÷ 365 = 18.08
    assert owed_originals(_account(), 2026, date(2026, 5, 12)) == 19
    assert owed_originals(_account(closed_on=date(2026, 1, 1)), 2026, date(2026, 5, 12)) == 1
    assert owed_originals(_account(), 2026, date(2026, 12, 31)) == 50
