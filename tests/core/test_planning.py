"""What is owed this week, this month and this year, counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.core import planning
from xinmei.core.rulebook.files import RULES, read_table

OPENED = date(2022, 3, 1)
TODAY = date(2026, 5, 12)


def test_the_day_on_which_originals_fall_short_at_this_pace():
    # 12 May is the 132nd day: 50 × 132 ÷ 365 = 18.08, so 19 are owed
    assert planning.owed_by(TODAY, OPENED, None) == 19
    assert planning.falls_short_on(TODAY, 18, 28, OPENED, None) == TODAY
    # 21 and no more to come: 50 × 154 ÷ 365 = 21.1, the 154th day is 3 June
    assert planning.falls_short_on(TODAY, 21, 0, OPENED, None) == date(2026, 6, 3)
    # one a week is 52 a year
    assert planning.falls_short_on(TODAY, 21, 4, OPENED, None) is None


def test_what_a_week_and_a_month_still_lack():
    assert planning.still_due(0, 0) == ["一次更新", "一条原创"]
    assert planning.still_due(2, 0) == ["一条原创"]
    assert planning.still_due(1, 1) == []
    # 31 days are 4.43 weeks: five updates; 28 days are four
    assert [planning.lacking_in_month(count, 31) for count in (0, 4, 5)] == [5, 1, 0]
    assert planning.lacking_in_month(4, 28) == 0


def test_holidays_make_up_days_and_days_of_the_rules_are_notes():
    names = [one.name for one in planning.notes_between(date(2026, 9, 18), date(2026, 10, 10))]
    assert names == ["中秋节调休上班", "中秋节放假", "烈士纪念日", "国庆节放假", "国庆节调休上班"] or names == [
        "国庆节调休上班", "中秋节放假", "烈士纪念日", "国庆节放假", "国庆节调休上班"
    ]  # fmt: skip


@pytest.mark.parametrize(("case", "found"), [("hit", True), ("near_miss", False)])
def test_the_rules_hold_their_own_examples(case, found):
    said = read_table(RULES / "planning" / "days.2021-06-20.yaml")[case]
    on = said["on"] if isinstance(said["on"], date) else date.fromisoformat(said["on"])
    assert (said["name"] in {one.name for one in planning.notes_between(on, on)}) == found
