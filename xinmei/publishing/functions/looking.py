"""The functions are looked at in the background. What could not be seen is not known to fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import transaction

from xinmei.core.functions import Outcome, judge_function
from xinmei.fetching import FetchFault, Network, look
from xinmei.publishing.functions.models import Function
from xinmei.publishing.functions.queries import AGAIN, WEEKLY, to_look_at
from xinmei.publishing.models import FunctionCheck

MOST, AT_A_TIME = 500, 8
SEEN = ("outcome", "reason", "looked_at", "failed_at", "recorded_at")
Progress = Callable[[int, int, str], None]


def look_at_functions(
    at: datetime, *, allow: Sequence[Network] = (), progress: Progress | None = None
) -> dict[Outcome, int]:
    """Looks at those whose turn it is; how many came to which outcome."""
    waiting = list(to_look_at(at)[:MOST])
    counts = dict.fromkeys(Outcome, 0)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for start in range(0, len(waiting), AT_A_TIME):
            batch = waiting[start : start + AT_A_TIME]
            seen = list(pool.map(lambda one: _look(one.kind, one.url, allow), batch))
            checks = [note(one, *said, at) for one, said in zip(batch, seen, strict=True)]
            with transaction.atomic():
                Function.objects.bulk_update(batch, SEEN)
                FunctionCheck.objects.bulk_create([one for one in checks if one], ignore_conflicts=True)
            for outcome, _ in seen:
                counts[outcome] += 1
            if progress:
                progress(start + len(batch), len(waiting), "查看功能")
    return counts


def _look(kind: str, address: str, allow: Sequence[Network]) -> tuple[Outcome, str]:
    try:
        return judge_function(kind, look(address, allow=allow))
    except FetchFault as fault:
        return Outcome.UNSEEN, str(fault)


def note(one: Function, outcome: Outcome, reason: str, at: datetime) -> FunctionCheck | None:
    """Keeps what was seen; the check to write down, where there is one.

    The first failing look says nothing yet: the second, an hour later or more, does. One that failed and works again is
    written down at once, so that a cure is seen.
    """
    was_failing, one.looked_at, one.reason = one.outcome == Outcome.FAILS, at, reason
    if outcome is not Outcome.FAILS:
        one.outcome, one.failed_at = outcome, None
        due = was_failing or one.recorded_at is None or one.recorded_at <= at - WEEKLY
        return _check(one, True, at) if outcome is Outcome.WORKS and due else None
    if one.failed_at is None or at - one.failed_at < AGAIN:
        one.failed_at = one.failed_at or at
        return None
    one.outcome = outcome
    return _check(one, False, at)


def _check(one: Function, works: bool, at: datetime) -> FunctionCheck:
    one.recorded_at = at
    announced = bool(getattr(one, "announced_outage", False))
    return FunctionCheck(
        account_id=one.account_id, name=one.name, url=one.url, checked_at=at, works=works, announced_outage=announced
    )
