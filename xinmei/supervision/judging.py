"""Judges the accounts of one part of an inspection: every watch over their facts, and what stands looked at again.

Nothing is written. What it comes to can be sent from machine to machine as text, and be joined in one fixed order.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q

from xinmei.registry.models import Account, Look
from xinmei.rows import batches
from xinmei.supervision.filings import ABOUT_A_FILING
from xinmei.supervision.loading import load_facts
from xinmei.supervision.models import Finding
from xinmei.supervision.raising import OwnedFault
from xinmei.supervision.watches import (
    ACCOUNT_WATCHES,
    AFTER_CLOSING,
    UNIT_WATCHES,
    AccountFacts,
    Fault,
    Window,
    watch_texts,
)
from xinmei.units.models import Unit

OBSERVED_WITHIN = timedelta(days=7)
# Findings by owner: number, criterion, subject, and the window under which they were raised.
Standing = dict[str, list[tuple[int, str, str, Window]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A fault and whose it is. `place`: the account's number, for a unit that of its first account."""

    place: int
    account: int | None
    unit: int
    fault: Fault


@dataclass(slots=True)
class Judged:
    """What a part found: faults, coverage by account, and which standing findings no longer hold."""

    found: list[Found] = field(default_factory=list)
    coverage: dict[int, tuple[bool, str]] = field(default_factory=dict)
    upheld: dict[int, bool] = field(default_factory=dict)

    def as_text(self) -> str:
        """As JSON; moments in a proof are written as the evidence writes them."""
        found = [[one.place, one.account, one.unit, _write_fault(one.fault)] for one in self.found]
        whole = {"found": found, "coverage": list(self.coverage.items()), "upheld": list(self.upheld.items())}
        return json.dumps(whole, ensure_ascii=False, default=str)

    @classmethod
    def from_text(cls, text: str) -> Judged:
        """What `as_text` wrote."""
        whole = json.loads(text)
        return cls(
            [Found(place, account, unit, _read_fault(fault)) for place, account, unit, fault in whole["found"]],
            {account: (observed, reason) for account, (observed, reason) in whole["coverage"]},
            dict(whole["upheld"]),
        )


def _write_fault(fault: Fault) -> list[Any]:
    return [
        fault.set,
        fault.criterion,
        fault.subject,
        fault.fault_on.isoformat(),
        fault.steps,
        fault.source,
        fault.proof,
        fault.seen_at.isoformat(),
        fault.detail,
    ]


def _read_fault(row: list[Any]) -> Fault:
    set_, criterion, subject, fault_on, steps, source, proof, seen_at, detail = row
    day, moment = date.fromisoformat(fault_on), datetime.fromisoformat(seen_at)
    return Fault(set_, criterion, subject, day, tuple(steps), source, proof, moment, detail)


def join(parts: Iterable[Judged]) -> tuple[list[OwnedFault], dict[int, tuple[bool, str]], dict[int, bool]]:
    """The parts as one: faults of accounts by number, then those of units by their first account."""
    parts = list(parts)
    found = sorted((one for part in parts for one in part.found), key=lambda one: (one.account is None, one.place))
    accounts: dict[int, Account] = {}
    for batch in batches(sorted({one.account for one in found if one.account is not None})):
        accounts |= Account.objects.in_bulk(batch)
    units = Unit.objects.in_bulk()
    faults: list[OwnedFault] = [
        (None if one.account is None else accounts[one.account], units[one.unit], one.fault) for one in found
    ]
    coverage = dict(sorted(pair for part in parts for pair in part.coverage.items()))
    return faults, coverage, {pk: holds for part in parts for pk, holds in part.upheld.items()}


def judge(group: Sequence[int], window: Window, screening: str) -> Judged:
    """Judges these accounts, those of a unit all together."""
    judged = Judged()
    accounts = Account.objects.select_related("unit")
    rows = [account for batch in batches(sorted(group)) for account in accounts.filter(pk__in=batch).order_by("pk")]
    looked_at = [account for account in rows if _in_service(account, window) or _closed_in(account, window)]
    standing = _read_standing(looked_at, window)
    by_unit: dict[int, list[AccountFacts]] = defaultdict(list)
    for batch in batches(looked_at):
        for facts in load_facts(batch, window, screening):
            _judge_account(facts, window, judged)
            _look_again(facts, standing.get(facts.account.code, ()), judged.upheld)
            # of the looks a unit's watch needs only the profiles
            profiles = [look for look in facts.looks if look.profile]
            by_unit[facts.unit.pk].append(AccountFacts(facts.account, facts.unit, looks=profiles))
    for its in by_unit.values():
        _judge_unit(its, window, standing, judged)
    return judged


def _judge_account(facts: AccountFacts, window: Window, judged: Judged) -> None:
    account, in_service = facts.account, facts.in_service(window.day)
    watches = ACCOUNT_WATCHES.values() if in_service else (ACCOUNT_WATCHES[AFTER_CLOSING],)
    faults = [fault for watch in watches for fault in watch(facts, window)]
    if in_service:
        faults += watch_texts(facts, window)
        judged.coverage[account.pk] = _say_coverage(facts, window)
    judged.found += [Found(account.pk, account.pk, facts.unit.pk, fault) for fault in faults]


def _judge_unit(accounts: list[AccountFacts], window: Window, standing: Standing, judged: Judged) -> None:
    unit, place = accounts[0].unit, accounts[0].account.pk
    faults = [fault for watch in UNIT_WATCHES.values() for fault in watch(unit, accounts, window)]
    judged.found += [Found(place, None, unit.pk, fault) for fault in faults]
    for pk, criterion, subject, past in standing.get("unit " + unit.code, ()):
        judged.upheld[pk] = any(fault.subject == subject for fault in UNIT_WATCHES[criterion](unit, accounts, past))


def _in_service(account: Account, window: Window) -> bool:
    return AccountFacts(account, account.unit).in_service(window.day)


def _closed_in(account: Account, window: Window) -> bool:
    return account.closed_on is not None and window.first_day <= account.closed_on < window.day


def _say_coverage(facts: AccountFacts, window: Window) -> tuple[bool, str]:
    """Whether a complete look ended in (T − 7 days, T]; if none did, why."""
    view = facts.view(window)
    if view.look_ends and view.look_ends[-1] > window.at - OBSERVED_WITHIN:
        return True, ""
    recent = [look for look in facts.looks if window.at - OBSERVED_WITHIN < look.end <= window.at]
    return False, (
        recent[-1].reason or f"{Look.Outcome(recent[-1].outcome).label}，未说明原因"
    ) if recent else "七日内没有任何通道观察过这个账号"


def _read_standing(accounts: list[Account], window: Window) -> Standing:
    """The findings of earlier inspections that later facts may contradict, by owner."""
    standing: Standing = defaultdict(list)
    for batch in batches([account.pk for account in accounts]):
        _add_standing(Q(account__in=batch), window, standing)
    for batch in batches(sorted({account.unit.pk for account in accounts})):
        _add_standing(Q(account=None, unit__in=batch), window, standing)
    return standing


def _add_standing(owned: Q, window: Window, standing: Standing) -> None:
    rows = (
        Finding.objects.exclude(status=Finding.Status.DISMISSED)
        .filter(owned)
        .filter(criterion__in=[*ACCOUNT_WATCHES, *UNIT_WATCHES], inspection__isnull=False)
        .exclude(subject__startswith=ABOUT_A_FILING)  # what the system recorded of a filing
        .filter(observed_at__gte=window.start, observed_at__lte=window.at, fault_on__gte=window.first_day)
        .values_list("pk", "owner", "criterion", "subject", "observed_at", "inspection__readings")
    )
    for pk, owner, criterion, subject, observed_at, readings in rows:
        past = Window(observed_at.astimezone(UTC), {**window.readings, **readings})
        standing[owner].append((pk, criterion, subject, past))


def _look_again(facts: AccountFacts, standing: Any, upheld: dict[int, bool]) -> None:
    """Runs the watch of each standing finding again as of its moment, with the facts as they are known today."""
    again: dict[tuple[str, datetime], set[str]] = {}
    for pk, criterion, subject, past in standing:
        key = (criterion, past.at)
        if key not in again:
            again[key] = {fault.subject for fault in ACCOUNT_WATCHES[criterion](facts, past)}
        upheld[pk] = subject in again[key]
