"""§五 「在24小时内进行答复，节假日不得晚于48小时」; the two daily looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from xinmei.core.calendar import load_calendar
from xinmei.core.deadlines import reply_due, reply_moment
from xinmei.supervision.watches.facts import (
    DAY,
    AccountFacts,
    Fault,
    Question,
    Window,
    day_of,
    say_moment,
    write_moment,
)

HALVES = {"am": "上午", "pm": "下午"}


def watch_replies(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """A message is late where a reply came after the term, or a complete look ended at or after it and showed none.

    Before that nobody knows.
    """
    first_day = max(window.first_day, facts.account.opened_on)
    for question in facts.questions:
        if question.received_at > window.at:
            break
        due_at, _ = reply_moment(question.received_at, window.readings)
        # 「the day in which the term ends (24:00 of 31 December is the old year)」
        fault_on = day_of(due_at - timedelta(microseconds=1))
        if due_at > window.at or fault_on < first_day:
            continue
        any_reply = window.readings["reply_counts"] == "any"
        replies = sorted(
            a.replied_at for a in question.answers if a.replied_at <= window.at and (any_reply or not a.automatic)
        )
        if replies and replies[0] <= due_at:
            continue
        looked = facts.view(window).looked_since(due_at)
        if not replies and looked is None:
            continue
        yield _late(question, due_at, fault_on, replies, looked, window)


def _late(
    question: Question,
    due_at: datetime,
    fault_on: date,
    replies: list[datetime],
    looked: datetime | None,
    window: Window,
) -> Fault:
    known_at = replies[0] if replies else looked or window.at
    said = f"{say_moment(known_at)} 才答复" if replies else f"至 {say_moment(known_at)} 的完整观察，仍没有人工答复"
    moments = {"received_at": write_moment(question.received_at), "due_at": write_moment(due_at)}
    given = [[write_moment(a.replied_at), a.automatic] for a in question.answers if a.replied_at <= window.at]
    return Fault(
        "assessment",
        "late_reply",
        question.code,
        fault_on,
        (*reply_due(question.received_at, window.readings).steps, said),
        "留言及答复记录",
        {**moments, "replies": given, "looked_at": looked and write_moment(looked)},
        known_at,
        {**moments, "message": question.code},
    )


def watch_patrols(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「每个工作日上、下午分别主动查看公众咨询留言情况」: from the first row of the register to the day before T."""
    if not facts.patrols:
        return
    calendar = load_calendar()
    first = min(facts.patrols)
    day = max(first, window.first_day, facts.account.opened_on)
    last = min(window.day - DAY, facts.account.closed_on or window.day)
    while day <= last:
        done = facts.patrols.get(day, set())
        if len(done) < 2 and calendar.is_working_day(day):
            for half, label in HALVES.items():
                if half not in done:
                    yield Fault(
                        "duty",
                        "missed_patrol",
                        f"{day} {half}",
                        day,
                        (f"{calendar.describe_day(day)}，值守登记自 {first} 起，当日{label}没有查看记录",),
                        "值守登记",
                        {
                            "day": str(day),
                            "half": half,
                            "register_since": str(first),
                            "recorded_that_day": sorted(done),
                        },
                        window.at,
                    )
        day += DAY
