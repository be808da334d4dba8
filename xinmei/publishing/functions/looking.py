"""The functions are looked at in the background. What could not be seen is not known to fail.

Two looks, an hour or more apart, and the second from a second place too where there is one, come before 打不开 is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.core.functions import (
    Answer,
    Judged,
    Outcome,
    is_short,
    judge_function,
    judge_way,
    stray_of,
    tells_apart,
)
from xinmei.fetching import FetchFault, Network, look
from xinmei.publishing.functions.models import Function
from xinmei.publishing.functions.queries import AGAIN, WEEKLY, to_look_at
from xinmei.publishing.models import FunctionCheck

MOST, AT_A_TIME = 500, 8
SEEN = ("outcome", "reason", "looked_at", "failed_at", "recorded_at", "places", "asks_for", "version", "updated_on")
Progress = Callable[[int, int, str], None]
FROM_ONE, FROM_TWO = "两次都只从一处看，没有设第二处", "两次、从两处看都是这样"


def look_at_functions(
    at: datetime, *, allow: Sequence[Network] = (), second: str = "", progress: Progress | None = None
) -> dict[Outcome, int]:
    """Looks at those whose turn it is; how many came to which outcome. `second` is the proxy of the second place."""
    waiting = list(to_look_at(at)[:MOST])
    counts = dict.fromkeys(Outcome, 0)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for start in range(0, len(waiting), AT_A_TIME):
            batch = waiting[start : start + AT_A_TIME]
            seen = list(pool.map(lambda one: _look(one, at, allow, second), batch))
            checks = [note(one, judged, at) for one, judged in zip(batch, seen, strict=True)]
            with transaction.atomic():
                Function.objects.bulk_update(batch, SEEN)
                FunctionCheck.objects.bulk_create([one for one in checks if one], ignore_conflicts=True)
            for judged in seen:
                counts[judged.outcome] += 1
            if progress:
                progress(start + len(batch), len(waiting), "查看功能")
    return counts


def _look(one: Function, at: datetime, allow: Sequence[Network], second: str) -> Judged:
    """What is seen now; a failure that would be said is seen from the second place first."""
    judged = look_once(one.kind, one.url, allow=allow)
    if judged.outcome is not Outcome.FAILS or not _is_second(one, at):
        return judged
    if not second:
        one.places = 1
        return replace(judged, reason=f"{judged.reason}；{FROM_ONE}")
    there = look_once(one.kind, one.url, allow=allow, proxy=second)
    if there.outcome is Outcome.FAILS:
        one.places = 2
        return replace(judged, reason=f"{judged.reason}；{FROM_TWO}")
    said = "能用" if there.outcome is Outcome.WORKS else f"看不清（{there.reason}）"
    return Judged(Outcome.UNSEEN, f"本机看：{judged.reason}；从第二处看：{said}。两处不一致，不作结论")


def look_once(
    kind: str, address: str, *, allow: Sequence[Network] = (), proxy: str = "", seconds: float = 10
) -> Judged:
    """One look from one place, and where the page leads on by itself, one at what it leads to."""
    try:
        answer = look(address, allow=allow, proxy=proxy, seconds=seconds)
        judged = judge_function(kind, answer)
        if judged.follow:
            led = look(judged.follow, allow=allow, proxy=proxy, seconds=seconds)
            way = judge_way((answer.hops[0], *led.hops))
            judged = way if way.outcome is not Outcome.WORKS else judge_function(kind, led)
        if judged.outcome is Outcome.WORKS and is_short(answer) and (stray := stray_of(answer.hops[-1])):
            judged = _judge_beside(judged, answer, stray, allow=allow, proxy=proxy, seconds=seconds)
    except FetchFault as fault:
        return Judged(Outcome.UNSEEN, str(fault))
    return judged


def _judge_beside(judged: Judged, answer: Answer, stray: str, **how: Any) -> Judged:
    """A short page counts only where the site does not say the same of an address that does not exist."""
    try:
        if tells_apart(answer, look(stray, **how)):
            return judged
    except FetchFault:
        return judged
    return Judged(Outcome.UNSEEN, "随便写一个地址，这个网站也给同样的页面，看不出这一页在不在")


def _is_second(one: Function, at: datetime) -> bool:
    return one.failed_at is not None and at - one.failed_at >= AGAIN


def note(one: Function, judged: Judged, at: datetime) -> FunctionCheck | None:
    """Keeps what was seen; the check to write down, where there is one.

    The first failing look says nothing yet: the second, an hour later or more, does. One that failed and works again is
    written down at once, so that a cure is seen.
    """
    outcome = judged.outcome
    was_failing, one.looked_at, one.reason = one.outcome == Outcome.FAILS, at, judged.reason
    if outcome is not Outcome.FAILS:
        one.outcome, one.failed_at = outcome, None
        if outcome is Outcome.WORKS:
            one.asks_for, one.version, one.updated_on = list(judged.asks_for), judged.version, judged.updated_on
        due = was_failing or one.recorded_at is None or one.recorded_at <= at - WEEKLY
        return _check(one, True, at) if outcome is Outcome.WORKS and due else None
    if one.failed_at is None or not _is_second(one, at):
        one.failed_at = one.failed_at or at
        return None
    one.outcome = outcome
    return _check(one, False, at)


def _check(one: Function, works: bool, at: datetime) -> FunctionCheck:
    one.recorded_at = at
    said = {"announced_outage": bool(getattr(one, "announced_outage", False)), "reason": one.reason}
    return FunctionCheck(account_id=one.account_id, name=one.name, url=one.url, checked_at=at, works=works, **said)
