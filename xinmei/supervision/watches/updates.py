"""§四 「政务新媒体每周更新内容不少于1次」「每周至少发布1条原创信息」; 附件1
「监测时间点前2周内无更新」「内容更新不及时」.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta

from xinmei.core.rulebook import silence
from xinmei.supervision.watches.facts import (
    DAY,
    AccountFacts,
    Fault,
    Span,
    Window,
    day_of,
    months_of,
    say_moment,
    weeks_of,
    write_moment,
)

WEEK = timedelta(days=7)


def watch_silence(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「监测时间点前2周内无更新」: a state at T. Only what complete looks cover counts; a 服务号 is bound too."""
    view, at = facts.view(window), window.at
    end = view.last_end
    if end is None or end <= at - DAY:
        return
    allowed = silence(window.day)
    # 「accounts opened less than 14 days before T are not silent」
    if at - facts.service_start < allowed:
        return
    since = end - allowed
    # a post at exactly E − 14×24 h is inside; one between E and T is known too
    place = bisect_left(view.times, since)
    if place < len(view.times) or not view.covers(since, end):
        return
    start = view.times[place - 1] if place else facts.last_update_before or facts.service_start
    known = "最后一次更新" if place or facts.last_update_before else "开设"
    yield Fault(
        "inspection",
        "silent_two_weeks",
        f"{write_moment(start)}/{write_moment(start + allowed)}",
        day_of(at),
        (
            f"{known}：{say_moment(start)}",
            f"监测时间点前24小时内最近一次完整观察截至 {say_moment(end)}，"
            f"往前14×24小时至 {say_moment(since)}，其间观察没有中断",
            f"至监测时间点 {say_moment(at)} 没有任何更新（原创、转载均计）：监测时间点前2周内无更新",
        ),
        _say_feeds(facts, since, end),
        {
            "last_update": write_moment(start),
            "covered_from": write_moment(since),
            "covered_to": write_moment(end),
            "looks": _quote_looks(facts, since, end, at),
        },
        end,
        {"start": write_moment(start), "end": write_moment(start + allowed)},
    )


def watch_weeks(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「每周更新内容少于1次（服务号平均每周更新内容少于1次），每发现一起」."""
    if facts.account.kind == "service":
        yield from _watch_months(facts, window)
    elif window.readings["week"] == "rolling":
        yield from _watch_gaps(facts, window)
    else:
        view = facts.view(window)
        for week in _spans(facts, window, weeks_of):
            if not view.count(week.start, week.end) and view.covers(week.start, week.end):
                steps = (
                    f"{week.name[:4]}年第{int(week.name[6:])}周：{say_moment(week.start)} 至 {say_moment(week.end)}",
                    "这一周观察没有中断，没有任何更新：每周更新少于1次",
                )
                yield _slow(facts, window, week.name, week.start, week.end, steps)


def watch_originals(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「每周至少发布1条原创信息」: a week with updates, none of them an original.

    A week without any update is slow_update only. A 服务号 is not bound.
    """
    if facts.account.kind == "service":
        return
    view = facts.view(window)
    for week in _spans(facts, window, weeks_of):
        posts = list(view.between(week.start, week.end))
        # a post whose origin nobody gave may be the original
        if posts and all(origin == "repost" for _, origin in posts) and view.covers(week.start, week.end):
            yield Fault(
                "duty",
                "no_original_this_week",
                week.name,
                week.last_day,
                (
                    f"{week.name[:4]}年第{int(week.name[6:])}周更新{len(posts)}条，全部为转载："
                    "每周至少发布1条原创信息未做到",
                ),
                _say_feeds(facts, week.start, week.end),
                {
                    "week": week.name,
                    "reposts": [write_moment(at) for at, _ in posts],
                    "looks": _quote_looks(facts, week.start, week.end, window.at),
                },
                week.end,
            )


def _watch_months(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """服务号: posts in a whole month ÷ (its days ÷ 7) < 1 counts as one finding a month."""
    view = facts.view(window)
    for month in _spans(facts, window, months_of):
        count, days = view.count(month.start, month.end), month.last_day.day
        if count * 7 < days and view.covers(month.start, month.end):
            steps = (
                f"{month.name[:4]}年{int(month.name[5:])}月共{days}天，即{days}÷7周；观察没有中断，更新{count}次",
                f"{count}÷({days}÷7)小于1：服务号平均每周更新少于1次",
            )
            yield _slow(facts, window, month.name, month.start, month.end, steps, {"updates": count})


def _watch_gaps(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """`rolling`: each whole 7×24 h of a gap between two updates, inside the service and inside one year."""
    view = facts.view(window)
    closed_on = facts.account.closed_on
    start_of_service = facts.service_start
    marks = [facts.last_update_before or start_of_service, *view.times]
    for place, mark in enumerate(marks):
        begin = max(mark, start_of_service)
        until = marks[place + 1] if place + 1 < len(marks) else window.at
        while begin + WEEK <= until:
            end = begin + WEEK
            last_day = day_of(end - timedelta(microseconds=1))
            whole = day_of(begin).year == last_day.year and (closed_on is None or last_day <= closed_on)
            if begin >= window.start and whole and view.covers(begin, end):
                steps = (f"{say_moment(begin)} 至 {say_moment(end)}，整7×24小时内观察没有中断，没有任何更新",)
                yield _slow(facts, window, f"{write_moment(begin)}/{write_moment(end)}", begin, end, steps)
            begin = end


def _spans(facts: AccountFacts, window: Window, spans_of: object) -> Iterator[Span]:
    """The weeks or months that are over at T, inside the window and inside the service."""
    for year in range(window.first_day.year, window.day.year + 1):
        for span in spans_of(year):  # type: ignore[operator]
            if span.end <= window.at and facts.serves(span):
                yield span


def _slow(
    facts: AccountFacts,
    window: Window,
    subject: str,
    start: datetime,
    end: datetime,
    steps: tuple[str, ...],
    more: dict[str, int] | None = None,
) -> Fault:
    view = facts.view(window)
    place = bisect_left(view.times, start)
    before = view.times[place - 1] if place else facts.last_update_before
    after = next((t for t in view.times[place:] if t >= end), None)
    detail = {"from": write_moment(start), "to": write_moment(end), **(more or {"updates": 0})}
    proof = {
        "span": [write_moment(start), write_moment(end)],
        "updates": [write_moment(t) for t, _ in view.between(start, end)],
        "update_before": before and write_moment(before),
        "update_after": after and write_moment(after),
        "looks": _quote_looks(facts, start, end, window.at),
    }
    last_day = day_of(end - timedelta(microseconds=1))
    return Fault(
        "inspection", "slow_update", subject, last_day, steps, _say_feeds(facts, start, end), proof, end, detail
    )


def _looks_over(facts: AccountFacts, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    for look in facts.looks:
        if look.outcome == "complete" and look.end >= start and look.start <= end:
            yield look.start, look.end, look.feed


def _say_feeds(facts: AccountFacts, start: datetime, end: datetime) -> str:
    """The feeds whose complete looks cover the span."""
    return "、".join(sorted({feed for _, _, feed in _looks_over(facts, start, end)})) or "登记资料"


def _quote_looks(facts: AccountFacts, start: datetime, end: datetime, at: datetime) -> list[list[str]]:
    """The complete looks over a span as they stand in the evidence: from, to, feed."""
    return [[write_moment(a), write_moment(b), feed] for a, b, feed in _looks_over(facts, start, end) if b <= at]
