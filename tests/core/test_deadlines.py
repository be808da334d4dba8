"""When something is due.

Examples of the rules, boundaries, readings, unannounced years, and an oracle that counts day by day.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.calendar import SHANGHAI, DayOutOfRange
from xinmei.core.deadlines import (
    KINDS,
    announcement_earliest,
    compute,
    load_rule,
    rectify_due,
    registration_due,
    reply_due,
    reply_moment,
)
from xinmei.core.rulebook import resolve_readings

DEFAULTS = resolve_readings({})
ANY_PART = resolve_readings({"reply_holiday_48h": "any_part"})
PUBLIC = resolve_readings({"holiday": "public"})
PUBLIC_ANY_PART = resolve_readings({"holiday": "public", "reply_holiday_48h": "any_part"})
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment in Shanghai, written 2026-01-05 10:00."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# ── The rules' own examples ──


@pytest.mark.parametrize(
    ("kind", "example", "hit"),
    [(kind, row, hit) for kind in KINDS for hit in ("hit", "near_miss") for row in load_rule(kind)["examples"][hit]],
)
def test_the_examples_of_each_rule_hold(kind, example, hit):
    begun, due, done = (datetime.fromisoformat(example[key]) for key in ("from", "due", "done"))
    deadline = compute(kind, begun, DEFAULTS)
    assert deadline.due_at == due
    broken = done < deadline.due_at if kind == "announcement" else done > deadline.due_at
    assert broken == (hit == "hit"), example["why"]


# ── 五：“要在24小时内进行答复，节假日不得晚于48小时” ──


@pytest.mark.parametrize(
    ("arrival", "hours"),
    [
        ("2026-02-13 23:59:59", 24),  # Friday
        ("2026-02-14 00:00", 24),  # a Saturday that is worked
        ("2026-02-14 23:59:59.999999", 24),
        ("2026-02-15 00:00", 48),  # 春节
        ("2026-02-23 23:59:59.999999", 48),
        ("2026-02-24 00:00", 24),
        ("2026-03-01 12:00", 48),  # a plain Sunday
        ("2024-02-29 12:00", 24),
        ("2024-02-09 20:00", 24),  # 除夕 of 2024 was a working day
    ],
)
def test_a_message_has_48_hours_if_it_arrived_on_a_day_that_is_not_worked(arrival, hours):
    assert reply_due(at(arrival), DEFAULTS).due_at == at(arrival) + hours * HOUR


@pytest.mark.parametrize(
    ("arrival", "hours"),
    [
        ("2026-02-13 12:00", 24),  # Friday, then a Saturday that is worked
        ("2026-02-14 00:00", 24),  # ends at 24:00, which is not included
        ("2026-02-14 00:00:00.000001", 48),
        ("2026-03-06 00:00", 24),  # a Friday from its first moment
        ("2026-03-06 00:00:01", 48),
        ("2026-03-08 23:59:59", 48),
        ("2026-03-09 00:00", 24),
    ],
)
def test_with_any_part_a_single_moment_of_a_holiday_in_the_24_hours_gives_48(arrival, hours):
    assert reply_due(at(arrival), ANY_PART).due_at == at(arrival) + hours * HOUR


@pytest.mark.parametrize(
    ("arrival", "readings", "hours"),
    [
        ("2026-03-07 12:00", PUBLIC, 24),  # a plain Saturday
        ("2026-02-15 12:00", PUBLIC, 48),  # a Sunday within the announced days
        ("2026-02-14 12:00", PUBLIC, 24),
        ("2026-02-14 12:00", PUBLIC_ANY_PART, 48),
        ("2026-03-06 12:00", PUBLIC_ANY_PART, 24),
        ("2024-06-09 12:00", PUBLIC, 24),  # 端午节 6月10日放假，与周末连休
        ("2024-06-10 12:00", PUBLIC, 48),
    ],
)
def test_with_public_only_announced_days_off_are_holidays(arrival, readings, hours):
    assert reply_due(at(arrival), readings).due_at == at(arrival) + hours * HOUR


def test_with_public_terms_in_working_days_do_not_change():
    assert [compute(kind, at("2026-03-06 12:00"), PUBLIC).due_at for kind in KINDS[1:]] == [
        compute(kind, at("2026-03-06 12:00"), DEFAULTS).due_at for kind in KINDS[1:]
    ]


def test_an_arrival_in_another_zone_counts_on_its_day_in_shanghai():
    assert reply_due(datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC), DEFAULTS).due_at == at("2026-03-07 23:59:59")
    assert reply_due(datetime(2026, 3, 6, 16, tzinfo=UTC), DEFAULTS).due_at == at("2026-03-09 00:00")
    assert reply_due(datetime(2026, 3, 6, 11, tzinfo=timezone(-5 * HOUR)), DEFAULTS).due_at == at("2026-03-09 00:00")


# ── 1 / 3 / 15 个工作日 ──


def test_found_on_friday_at_10_one_working_day_ends_on_monday_at_24():
    assert rectify_due(at("2026-01-09 10:00"), DEFAULTS).due_at == at("2026-01-13 00:00")


@pytest.mark.parametrize("sent", ["2026-01-08 00:00", "2026-01-08 23:59:59.999999"])
def test_the_time_of_day_of_the_event_changes_no_term_in_working_days(sent):
    assert rectify_due(at(sent), DEFAULTS).due_at == at("2026-01-10 00:00")


def test_what_was_sent_at_24_was_sent_on_the_next_day():
    assert rectify_due(at("2026-01-09 00:00"), DEFAULTS).due_at == at("2026-01-13 00:00")


def test_a_saturday_that_is_worked_ends_the_term_of_a_friday():
    assert rectify_due(at("2026-02-13 10:00"), DEFAULTS).due_at == at("2026-02-15 00:00")


def test_a_filing_on_the_last_working_day_of_2025_is_registered_by_the_sixth_of_january():
    assert registration_due(date(2025, 12, 31), DEFAULTS).due_at == at("2026-01-07 00:00")


def test_closing_is_allowed_from_the_working_day_after_the_fifteenth():
    # Posted on Monday 2 March: the 15th working day is Monday the 23rd.
    assert announcement_earliest(date(2026, 3, 2), DEFAULTS).due_at == at("2026-03-24 00:00")


def test_a_fifteenth_day_before_a_holiday_moves_the_opening_behind_it():
    # 9–11 September, 14–18, Sunday 20 (worked), 21–24, 28 and 29 are fifteen. Counted from a day later, the 15th is
    # Wednesday the 30th, and the next is 8 October.
    assert announcement_earliest(date(2026, 9, 8), DEFAULTS).due_at == at("2026-09-30 00:00")
    assert announcement_earliest(date(2026, 9, 9), DEFAULTS).due_at == at("2026-10-08 00:00")


# ── A year whose holidays are not announced ──


@pytest.mark.parametrize(
    ("kind", "begun", "readings", "provisional"),
    [
        ("reply", "2026-12-31 23:00", DEFAULTS, False),  # only the day of arrival decides
        ("reply", "2026-12-31 00:00", ANY_PART, False),  # the 24 h end at 24:00, not included
        ("reply", "2026-12-31 00:00:01", ANY_PART, True),
        ("reply", "2027-01-01 00:00", DEFAULTS, True),
        ("reply", "2022-12-31 12:00", ANY_PART, False),
        ("rectify", "2026-12-30 10:00", DEFAULTS, False),
        ("rectify", "2026-12-31 00:00", DEFAULTS, True),
        ("register", "2026-12-28 10:00", DEFAULTS, False),
        ("register", "2026-12-29 10:00", DEFAULTS, True),
        ("announcement", "2026-12-09 10:00", DEFAULTS, False),  # the 15th is the 30th, closing from the 31st
        ("announcement", "2026-12-10 10:00", DEFAULTS, True),  # the 15th is the 31st, what follows is not known
        ("rectify", "2018-12-31 10:00", DEFAULTS, False),  # the day of the event is not counted
        ("register", "2018-06-01 10:00", DEFAULTS, True),
    ],
)
def test_a_deadline_is_provisional_only_where_it_depends_on_an_unannounced_year(kind, begun, readings, provisional):
    deadline = compute(kind, at(begun), readings)
    assert deadline.provisional == provisional
    assert any("暂定" in step for step in deadline.steps) == provisional
    assert ("calendar_gap" in deadline.readings) == provisional


def test_an_announced_day_off_settles_48_hours_whatever_the_other_day_is():
    # Of Monday 31 December 2018 nothing certain is known here, but 1 January 2019 is announced.
    assert not reply_due(at("2018-12-31 12:00"), ANY_PART).provisional
    assert reply_due(at("2018-12-31 12:00"), DEFAULTS).provisional


def test_the_october_days_of_an_unannounced_year_are_the_three_of_the_statute():
    assert registration_due(date(2030, 9, 28), DEFAULTS).due_at == at("2030-10-08 00:00")


# ── Limits ──


@pytest.mark.parametrize("kind", KINDS)
def test_a_moment_without_zone_is_refused(kind):
    with pytest.raises(ValueError, match="没有时区"):
        compute(kind, datetime(2026, 1, 5, 10), DEFAULTS)  # noqa: DTZ001


@pytest.mark.parametrize("readings", [DEFAULTS, ANY_PART])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "last",
    [at("9999-12-31 23:59:59"), datetime(9999, 12, 31, 23, tzinfo=UTC), datetime(1, 1, 1, tzinfo=timezone(14 * HOUR))],
)
def test_what_lies_beyond_the_calendar_is_refused(kind, last, readings):
    with pytest.raises(DayOutOfRange, match="9999年"):
        compute(kind, last, readings)


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_day_that_exists_has_a_provisional_deadline(kind):
    assert compute(kind, at("0001-01-01 00:00"), DEFAULTS).provisional


# ── Steps and readings ──


def test_the_steps_name_the_event_the_clause_each_run_of_days_and_the_end():
    assert registration_due(date(2026, 2, 13), DEFAULTS).steps == (
        "报市政府办公室备案：2026年2月13日 周五，当天不计",
        f"依据：宿政办发〔2021〕22号 三、加强账号管理：“{load_rule('register')['quote']}”",
        "2026年2月14日 周六 调休上班：第1个工作日",
        "2026年2月15日 周日 至 2026年2月23日 周一 春节放假：不计",
        "2026年2月24日 周二 至 2026年2月25日 周三 工作日：第2至第3个工作日",
        "期限至最后一个工作日的24时：2026年2月25日 周三 24时到期，此刻（含）以前完成不算逾期",
    )


def test_the_steps_of_a_reply_say_which_day_decided():
    assert reply_due(at("2026-02-15 10:00:30"), DEFAULTS).steps[2:] == (
        "2月15日 周日 春节放假：到达当天是节假日，时限48小时",
        "自到达起连续计算：2026年2月17日 周二 10:00:30 到期，此刻（含）以前答复不算逾期",
    )


def test_a_deadline_names_the_readings_that_shaped_it():
    assert reply_due(at("2026-02-15 10:00"), ANY_PART).readings == {
        "holiday": "non_working",
        "reply_holiday_48h": "any_part",
        "reply_clock": "stated",
    }
    assert "reply_holiday_48h" not in rectify_due(at("2026-02-15 10:00"), ANY_PART).readings


# ── An oracle independent of the house: a package's calendar, one day after the other ──

MOMENTS = st.datetimes(
    datetime(2019, 1, 1),  # noqa: DTZ001
    datetime(2026, 11, 20),  # noqa: DTZ001
    timezones=st.sampled_from([SHANGHAI, UTC, timezone(-5 * HOUR)]),
)


def count_working_days(day: date, n: int) -> date:
    """The n-th working day after a day, by the package."""
    return next(
        d
        for k, d in enumerate((d for d in (day + DAY * i for i in range(1, 90)) if chinese_calendar.is_workday(d)), 1)
        if k == n
    )


@given(MOMENTS)
def test_terms_in_working_days_agree_with_the_oracle(moment):
    day = moment.astimezone(SHANGHAI).date()
    for kind, n, opens in (("rectify", 1, DAY), ("register", 3, DAY), ("announcement", 16, timedelta())):
        deadline = compute(kind, moment, DEFAULTS)
        assert deadline.due_at == datetime.combine(count_working_days(day, n) + opens, time(), SHANGHAI)
        assert not deadline.provisional


@given(MOMENTS)
def test_replies_agree_with_the_oracle(moment):
    local = moment.astimezone(SHANGHAI)
    for readings, last in ((DEFAULTS, local), (ANY_PART, local + 24 * HOUR - timedelta(microseconds=1))):
        idle = any(not chinese_calendar.is_workday(day) for day in {local.date(), last.date()})
        deadline = reply_due(moment, readings)
        assert deadline.due_at == moment + (48 if idle else 24) * HOUR
        assert not deadline.provisional
        assert reply_moment(moment, readings) == (deadline.due_at, False)


FIRST, LAST = datetime(1, 1, 3), datetime(9999, 10, 1)  # noqa: DTZ001  hypothesis adds the zone
ANY_MOMENT = st.datetimes(FIRST, LAST, timezones=st.sampled_from([SHANGHAI, UTC]))


@given(st.sampled_from(KINDS[1:]), ANY_MOMENT, st.timedeltas(timedelta(), timedelta(days=20)))
def test_what_happens_later_is_never_due_earlier(kind, moment, wait):
    assert compute(kind, moment, DEFAULTS).due_at <= compute(kind, moment + wait, DEFAULTS).due_at


@given(st.sampled_from(KINDS[1:]), ANY_MOMENT)
def test_a_term_in_working_days_ends_at_midnight_and_never_on_the_day_of_the_event(kind, moment):
    due_at = compute(kind, moment, DEFAULTS).due_at
    assert (due_at.time(), due_at.utcoffset()) == (time.min, 8 * HOUR)
    assert due_at >= datetime.combine(moment.astimezone(SHANGHAI).date() + 2 * DAY, time(), SHANGHAI)


@given(ANY_MOMENT)
def test_any_part_and_a_wider_notion_of_holiday_never_shorten_a_reply(moment):
    arrival, any_part, public = (reply_due(moment, readings).due_at for readings in (DEFAULTS, ANY_PART, PUBLIC))
    assert public <= arrival <= any_part
    assert {arrival - moment, any_part - moment, public - moment} <= {24 * HOUR, 48 * HOUR}


@given(st.sampled_from(KINDS), ANY_MOMENT)
def test_asking_twice_or_in_another_zone_gives_the_same_deadline(kind, moment):
    assert compute(kind, moment, DEFAULTS) == compute(kind, moment.astimezone(UTC), DEFAULTS)
