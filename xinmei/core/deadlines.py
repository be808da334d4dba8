"""When something is due, and the steps in Chinese that show why.

The hours and days are in `rules/deadlines/`. `readings` is always what `rulebook.resolve_readings` returns. Moments are
aware and may come in any zone; answers are in Asia/Shanghai. A moment without a zone is refused (ValueError). All
functions raise DayOutOfRange where the answer would lie outside the years 1–9999.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import groupby

from xinmei.core import rulebook
from xinmei.core.calendar import DAY, SHANGHAI, WEEKDAYS, DayOutOfRange, load_calendar
from xinmei.core.rulebook.files import Row, read_table

KINDS = ("reply", "rectify", "register", "announcement")
KEYS = ("title", "document", "clause", "quote", "in_force", "start", "readings", "examples")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline and how it came about.

    `due_at` is the exact last moment that is in time, in Asia/Shanghai; of an announcement it is the first moment at
    which closing is allowed. `provisional` means that it depends on a year whose holidays are not announced. `steps`
    let a clerk follow it. `readings` are those used.
    """

    due_at: datetime
    provisional: bool
    steps: tuple[str, ...]
    readings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Count:
    """What the calendar alone decides. It is the same for every event of one day."""

    due_at: datetime
    provisional: bool
    steps: tuple[str, ...]


@cache
def load_rule(kind: str) -> Row:
    """`rules/deadlines/<kind>.yaml`. Raises RulebookError where it is broken."""
    row = read_table(f"deadlines/{kind}.yaml")
    numbers = ("hours", "hours_on_holidays") if kind == "reply" else ("working_days",)
    row.check_keys((*KEYS, *numbers))
    row.row("document").check_keys(("title", "number"))
    for name in numbers:
        if not isinstance(row[name], int) or row[name] < 1:
            raise row.fault(f"{name} 应是正整数，写的是 {row[name]!r}")
    examples = row.row("examples").check_keys(("hit", "near_miss"))
    for example in [*examples.rows("hit"), *examples.rows("near_miss")]:
        example.check_keys(("from", "due", "done", "why"))
    if not examples["hit"] or not examples["near_miss"]:
        raise examples.fault("hit（违反）和 near_miss（未违反）应各举至少一例")
    return row


def longest_reply_term() -> timedelta:
    """「要在24小时内进行答复，节假日不得晚于48小时」: what is answered later than this is late by every reading."""
    return timedelta(hours=load_rule("reply")["hours_on_holidays"])


def _in_shanghai(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} 没有时区")
    try:
        return at.astimezone(SHANGHAI)
    except OverflowError:
        raise DayOutOfRange from None


def _midnight_after(day: date) -> datetime:
    """24:00 of `day`."""
    try:
        return datetime.combine(day + DAY, time(), SHANGHAI)
    except OverflowError:
        raise DayOutOfRange from None


def _write_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def _write_moment(at: datetime) -> str:
    return f"{_write_day(at)} {at.time().isoformat('seconds' if at.second or at.microsecond else 'minutes')}"


def _write_gap(first: date, last: date) -> tuple[str, ...]:
    years = [f"{year}年" for year in range(first.year, last.year + 1) if not load_calendar().is_announced(year)]
    return (
        f"{'、'.join(years)}放假安排尚未公布或未收入：暂按周末、1月1日、5月1日至2日、"
        "10月1日至3日不上班计算，期限为暂定，安排公布后重算",
    )


@cache
def _write_clause(kind: str) -> str:
    rule = load_rule(kind)
    return f"依据：{rule['document']['number']} {rule['clause']}：“{rule['quote']}”"


def _used(kind: str, readings: Mapping[str, str], provisional: bool) -> dict[str, str]:
    names = [*load_rule(kind)["readings"], *(["calendar_gap"] if provisional else [])]
    return {name: readings.get(name, rulebook.readings()[name].default) for name in names}


@lru_cache(maxsize=4096)
def _reply_term(day: date, starts_day: bool, applies: str, holiday: str) -> tuple[timedelta, bool, tuple[str, ...]]:
    """The hours for a message of `day`, whether they are provisional, and the steps that show why.

    `starts_day` says that the message arrived at 00:00 exactly.
    """
    calendar, rule = load_calendar(), load_rule("reply")
    days = [day]
    if applies == "any_part" and not starts_day:  # "its end not included": 24 h from 00:00 never touch the next day
        days.append(_midnight_after(day).date())
    off = [
        d for d in days if (calendar.is_public_holiday(d) if holiday == "public" else not calendar.is_working_day(d))
    ]
    # A day off of an announced year settles the question, whatever the other day turns out to be.
    provisional = not any(calendar.is_announced(d.year) for d in off) and any(
        not calendar.is_announced(d.year) for d in days
    )
    hours = int(rule["hours_on_holidays" if off else "hours"])
    what = "节假日" if holiday == "non_working" else "公布的放假日"
    seen = "、".join(calendar.describe_day(d) for d in days)
    verdict = (
        f"到达当天{'' if off else '不'}是{what}"
        if applies == "arrival"
        else f"到达后{rule['hours']}小时内{'' if off else '没'}有{what}"
    )
    gap = _write_gap(days[0], days[-1]) if provisional else ()
    return timedelta(hours=hours), provisional, (f"{seen}：{verdict}，时限{hours}小时", *gap)


def reply_moment(received_at: datetime, readings: Mapping[str, str]) -> tuple[datetime, bool]:
    """`due_at` and `provisional` of `reply_due` without the steps, for whole tables of messages."""
    at = _in_shanghai(received_at)
    hours, provisional, _ = _reply_term(
        at.date(), at.time() == time.min, readings["reply_holiday_48h"], readings["holiday"]
    )
    try:
        return at + hours, provisional
    except OverflowError:
        raise DayOutOfRange from None


def reply_due(received_at: datetime, readings: Mapping[str, str]) -> Deadline:
    """By when a message must be answered: plain hours from its arrival. An answer at that very moment is in time.

    五：“要在24小时内进行答复，节假日不得晚于48小时”. The readings `holiday` and `reply_holiday_48h` say which days are
    节假日 and when the 48 hours apply.
    """
    at = _in_shanghai(received_at)
    due_at, provisional = reply_moment(at, readings)
    why = _reply_term(at.date(), at.time() == time.min, readings["reply_holiday_48h"], readings["holiday"])[2]
    end = f"自到达起连续计算：{_write_moment(due_at)} 到期，此刻（含）以前答复不算逾期"
    return Deadline(
        due_at,
        provisional,
        (f"留言到达：{_write_moment(at)}", _write_clause("reply"), *why, end),
        _used("reply", readings, provisional),
    )


@lru_cache(maxsize=4096)
def _count(kind: str, day: date) -> _Count:
    """The term in working days of an event of `day`, which is not counted."""
    calendar, rule = load_calendar(), load_rule(kind)
    needed = int(rule["working_days"])
    last = calendar.working_days_after(day, needed)
    opens = calendar.working_days_after(last, 1) if kind == "announcement" else None
    days = [day + DAY * n for n in range(1, ((opens or last) - day).days + 1)]
    provisional = calendar.depends_on_gap(days[0], days[-1])
    steps, worked = [], 0
    for (working, label), group in groupby(
        (d for d in days if d <= last), lambda d: (calendar.is_working_day(d), calendar.label(d))
    ):
        run = list(group)
        span = _write_day(run[0]) + (f" 至 {_write_day(run[-1])}" if len(run) > 1 else "")
        numbers = (
            f"第{worked + 1}" + (f"至第{worked + len(run)}" if len(run) > 1 else "") + "个工作日" if working else "不计"
        )
        worked += len(run) if working else 0
        steps.append(f"{span} {label}：{numbers}")
    if provisional:
        steps += _write_gap(days[0], days[-1])
    if opens:
        steps.append(f"公告满{needed}个工作日：其后的工作日 {_write_day(opens)} 0时起方可办理")
        return _Count(datetime.combine(opens, time(), SHANGHAI), provisional, tuple(steps))
    steps.append(f"期限至最后一个工作日的24时：{_write_day(last)} 24时到期，此刻（含）以前完成不算逾期")
    return _Count(_midnight_after(last), provisional, tuple(steps))


def _due(kind: str, day: date, event: str, readings: Mapping[str, str]) -> Deadline:
    count = _count(kind, day)
    first = f"{load_rule(kind)['start']}：{event}，当天不计"
    return Deadline(
        count.due_at,
        count.provisional,
        (first, _write_clause(kind), *count.steps),
        _used(kind, readings, count.provisional),
    )


def rectify_due(sent_at: datetime, readings: Mapping[str, str]) -> Deadline:
    """By when a finding sent to the unit at `sent_at` must be rectified: 24:00 of the next working day.

    附件2 运维管理（7）：“对反馈的问题未在1个工作日整改到位的，每次扣5分”.
    """
    at = _in_shanghai(sent_at)
    return _due("rectify", at.date(), _write_moment(at), readings)


def registration_due(day: date, readings: Mapping[str, str]) -> Deadline:
    """By when a filing must be in the national and provincial systems: 24:00 of the 3rd working day after `day`.

    `day` is the day on which the city office recorded it.
    三：“并报市政府办公室备案后，于3个工作日内登录国家、省政务新媒体系统登记备案”.
    """
    return _due("register", day, _write_day(day), readings)


def announcement_earliest(posted_on: date, readings: Mapping[str, str]) -> Deadline:
    """From when an account may be closed: 00:00 of the working day after the 15th working day of its announcement.

    三：“并向社会公告，公告时间不少于15个工作日”. The announcement was posted on `posted_on`. `due_at` is a not-before.
    """
    return _due("announcement", posted_on, _write_day(posted_on), readings)


def compute(kind: str, at: datetime, readings: Mapping[str, str]) -> Deadline:
    """The deadline of one of KINDS for an event at `at`.

    Of a filing and an announcement the day in Asia/Shanghai counts. Raises KeyError for another kind.
    """
    if kind == "reply":
        return reply_due(at, readings)
    if kind == "rectify":
        return rectify_due(at, readings)
    by_day = {"register": registration_due, "announcement": announcement_earliest}[kind]
    return by_day(_in_shanghai(at).date(), readings)
