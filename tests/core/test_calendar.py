"""Working days with 调休: the data of each year, and the answers about years whose arrangement is not known."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.calendar import SHANGHAI, Calendar, DayOutOfRange, load_calendar, read_calendar
from xinmei.core.rulebook import RULES, RulebookError, read_yaml

CALENDAR = load_calendar()
DAY = timedelta(days=1)
YEARS = range(2019, 2027)
ALL_DAYS = [date(2019, 1, 1) + DAY * n for n in range((date(2027, 1, 1) - date(2019, 1, 1)).days)]

# “放假，与周末连休”: the announcement gives the holiday itself. The package marks some of these weekends as holidays
# and others not.
JOINED_WEEKENDS = {
    date(2019, 4, 6),
    date(2019, 4, 7),
    date(2019, 6, 8),
    date(2019, 6, 9),
    date(2019, 9, 14),
    date(2019, 9, 15),
}
JOINED_WEEKENDS |= {date(2023, 12, 30), date(2023, 12, 31)}


def test_every_day_of_2019_to_2026_is_worked_or_not_as_a_maintained_package_says():
    assert [day for day in ALL_DAYS if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)] == []


def test_every_announced_day_off_is_one_in_a_maintained_package_save_weekends_that_are_merely_joined():
    theirs = {day for day in ALL_DAYS if day in chinese_calendar.constants.holidays}
    assert {day for day in ALL_DAYS if CALENDAR.is_public_holiday(day)} == theirs - JOINED_WEEKENDS


@pytest.mark.parametrize("year", YEARS)
def test_each_year_names_the_document_of_the_state_council(year):
    first, *amendments = read_yaml(f"calendar/{year}.yaml")["documents"]
    assert first["title"] == f"国务院办公厅关于{year}年部分节假日安排的通知"
    assert first["number"].startswith(f"国办发明电〔{year - 1}〕")
    assert [d["number"] for d in amendments] == {2019: ["国办发明电〔2019〕3号"], 2020: ["国办发明电〔2020〕1号"]}.get(
        year, []
    )


def test_the_spring_festival_of_2020_was_prolonged_and_its_make_up_saturday_dropped():
    assert not CALENDAR.is_working_day(date(2020, 1, 31))
    assert not CALENDAR.is_working_day(date(2020, 2, 1))
    assert CALENDAR.is_working_day(date(2020, 2, 3))


def test_the_labour_day_of_2019_was_changed_to_four_days():
    assert CALENDAR.is_working_day(date(2019, 4, 28))
    assert not CALENDAR.is_working_day(date(2019, 5, 3))
    assert CALENDAR.is_working_day(date(2019, 5, 5))


def test_the_last_day_of_2022_belongs_to_the_new_year_of_2023():
    assert CALENDAR.holiday_name(date(2022, 12, 31)) == "元旦"


def test_a_weekend_joined_to_a_holiday_is_no_announced_day_off():
    assert CALENDAR.is_public_holiday(date(2024, 6, 10))
    assert not CALENDAR.is_public_holiday(date(2024, 6, 9))
    assert not CALENDAR.is_working_day(date(2024, 6, 9))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 2, 14), "2月14日 周六 调休上班"),
        (date(2026, 2, 15), "2月15日 周日 春节放假"),
        (date(2026, 3, 1), "3月1日 周日 周末"),
        (date(2026, 11, 23), "11月23日 周一 工作日"),
        (date(2027, 1, 1), "1月1日 周五 元旦放假（暂定）"),
        (date(2027, 1, 4), "1月4日 周一 工作日（暂定）"),
    ],
)
def test_a_day_is_described_as_a_clerk_reads_it(day, text):
    assert CALENDAR.describe_day(day) == text


@pytest.mark.parametrize("year", [1, 2018, 2027, 2028, 9999])
def test_a_year_without_arrangement_is_unannounced_and_has_weekends_and_six_statutory_days(year):
    assert not CALENDAR.is_announced(year)
    off = [
        (month, day)
        for month, day in [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
        if not CALENDAR.is_working_day(date(year, month, day))
    ]
    assert len(off) == 6
    start = date(year, 5, 3)
    assert all(CALENDAR.is_working_day(start + DAY * n) == ((start + DAY * n).weekday() < 5) for n in range(150))


def test_in_an_announced_year_only_the_announcement_counts_not_the_statute():
    # Had the four days of Labour Day 2019 not been given, Thursday the 2nd would have been worked.
    calendar = Calendar({date(2019, 5, 1): "劳动节"}, {}, frozenset({2019}), {(5, 2): "劳动节"})
    assert calendar.is_working_day(date(2019, 5, 2))
    assert not calendar.is_working_day(date(2028, 5, 2))


def test_what_the_arrangement_of_2019_says_about_december_2018_is_kept_though_2018_stays_unannounced():
    assert CALENDAR.is_working_day(date(2018, 12, 29))
    assert not CALENDAR.is_working_day(date(2018, 12, 31))
    assert not CALENDAR.is_announced(2018)


def test_the_third_working_day_after_a_friday_before_a_worked_saturday():
    assert CALENDAR.working_days_after(date(2026, 2, 13), 3) == date(2026, 2, 25)


def test_29_february_of_a_leap_year_is_counted():
    assert CALENDAR.working_days_after(date(2024, 2, 28), 1) == date(2024, 2, 29)


def test_counting_past_the_last_day_that_exists_is_refused_in_chinese():
    with pytest.raises(DayOutOfRange, match="9999年"):
        CALENDAR.working_days_after(date(9999, 12, 30), 5)


def test_shanghai_is_eight_hours_ahead_in_every_year():
    assert datetime(1988, 7, 1, tzinfo=UTC).astimezone(SHANGHAI).isoformat() == "1988-07-01T08:00:00+08:00"


@given(st.dates(max_value=date(9999, 1, 1)), st.integers(1, 20))
def test_between_a_day_and_its_nth_working_day_lie_exactly_n(day, n):
    last = CALENDAR.working_days_after(day, n)
    days = [day + DAY * k for k in range(1, (last - day).days + 1)]
    assert CALENDAR.is_working_day(last)
    assert sum(map(CALENDAR.is_working_day, days)) == n


@given(st.dates())
def test_no_announced_day_off_is_worked_and_only_weekends_are_made_up(day):
    assert not (CALENDAR.is_public_holiday(day) and CALENDAR.is_working_day(day))
    assert CALENDAR.is_working_day(day) <= (day.weekday() < 5 or day in CALENDAR.worked)


BROKEN = {
    "year: 2026\n": ("year: 二〇二六\n", "应是年份"),
    "worked: [2026-01-04]": ("worked: [2026-01-05]", "只能是周六、周日"),
    "from: 2026-01-01, to: 2026-01-03": ("from: 2026-01-03, to: 2026-01-01", "from 不得晚于 to"),
    "from: 2026-02-15": ("from: 2026-01-03", "2026-01-03 重复"),
    "worked: [2026-05-09]": ("worked: [2027-05-09]", "不在 2026 年"),
    "worked: [2026-02-14, 2026-02-28]": ("worked: 2月14日", "应是日期的列表"),
    "off: [2026-02-15, 2026-02-23]": ("off: [2026-02-14]", "2026-02-14 与放假安排不符"),
    "working: [2026-02-14, 2026-02-24]": ("working: []", "各举至少一个"),
    "{name: 清明节, ": ("{", "缺少 name"),
    "name: 端午节": ("name: 端午节, holidays: 3", "不认识 holidays"),
}


@pytest.mark.parametrize("found", BROKEN)
def test_a_broken_year_is_refused_with_file_and_reason(tmp_path, found):
    wrong, reason = BROKEN[found]
    for name in ("unannounced", "2026"):
        text = (RULES / "calendar" / f"{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(text.replace(found, wrong, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=reason) as caught:
        read_calendar(tmp_path)
    assert "2026.yaml 第" in str(caught.value)
