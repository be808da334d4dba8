"""What differs, kept: what is known already stays as it was settled, what is new is open, what has gone is marked."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinmei.core.upstream.comparing import DIFFERENT, MISSING
from xinmei.core.upstream.comparing import Difference as Found
from xinmei.core.upstream.reading import UpstreamRow
from xinmei.core.upstream.rules import plain
from xinmei.people.locks import hold
from xinmei.registry.models import Account
from xinmei.registry.reconciling.comparing import Compared
from xinmei.registry.reconciling.models import Comparison, Difference
from xinmei.units.models import Unit

BATCH = 500
# What a row says that is kept; contact and phone are not.
KEPT = ("name", "platform", "type", "handle", "url", "unit", "verified", "verification", "status", "filed")


@dataclass(frozen=True)
class Counts:
    """How many differ, how many of them for the first time; how many that differed no longer do."""

    found: int
    new: int
    gone: int


class _Placing:
    """Which unit a difference concerns."""

    def __init__(self, comparison: Comparison) -> None:
        self.accounts = {code: (pk, unit) for code, pk, unit in Account.objects.values_list("code", "pk", "unit")}
        self.units: dict[str, int] = {}
        rows = list(Unit.objects.order_by("pk").values_list("pk", "code", "name", "short_names"))
        for pk, code, _, short in rows:
            for word in (*(short if isinstance(short, list) else ()), code):
                self.units.setdefault(plain(str(word)), pk)
        self.units |= {plain(name): pk for pk, _, name, _ in reversed(rows)}
        self.else_ = comparison.of_unit_id or comparison.unit_id

    def unit_of(self, found: Found, row: UpstreamRow | None) -> int:
        """That of its account, of the first near one, or the one that the row names; else the one that brought it."""
        code = found.account or next(iter(found.near), None)
        if code is not None:
            return self.accounts[code][1]
        return self.units.get(plain(row.unit), self.else_) if row is not None and row.unit else self.else_


def keep_differences(comparison: Comparison, compared: Compared, scope: frozenset[int] | None, at: datetime) -> Counts:
    """Stores what differs within `scope` (numbers of units; None: all). One at a time for each system."""
    hold(f"reconcile {comparison.system}")
    placing, twice = _Placing(comparison), Counter[str]()
    platforms = {one.id: one.platform for one in compared.ours}
    rows: dict[str, Difference] = {}
    for found in compared.differences:
        if found.kind == MISSING and comparison.platform not in ("", platforms[found.account or ""]):
            continue
        row = None if found.place is None else compared.export.rows[found.place]
        unit = placing.unit_of(found, row)
        if scope is not None and unit not in scope:
            continue
        key = _key(found, row, twice)
        rows[key] = _make(comparison, placing, found, row, unit, key, at)
    return _store(comparison, rows, scope)


def _make(
    comparison: Comparison,
    placing: _Placing,
    found: Found,
    row: UpstreamRow | None,
    unit: int,
    key: str,
    at: datetime,
) -> Difference:
    return Difference(
        system=comparison.system,
        platform=comparison.platform,
        key=key,
        kind=found.kind,
        unit_id=unit,
        account_id=placing.accounts[found.account][0] if found.account else None,
        field=found.field or "",
        ours=found.ours or "",
        theirs=found.theirs or "",
        near=list(found.near),
        said={name: row.told[name] for name in KEPT if name in row.told} if row is not None else {},
        row="" if found.row is None else str(found.row),
        comparison=comparison,
        first_at=at,
    )


def _key(found: Found, row: UpstreamRow | None, twice: Counter[str]) -> str:
    """By what a difference is known again: what it says, and not where it stands in the file."""
    said: list[Any] = [found.kind, found.account, found.field, found.ours, found.theirs, list(found.near)]
    if row is not None and found.kind != DIFFERENT:
        said += [row.handle, row.url, row.platform, row.name, row.unit]
    text = json.dumps(said, ensure_ascii=False)
    twice[text] += 1
    return hashlib.sha256(f"{text}{twice[text]}".encode()).hexdigest()


def _store(comparison: Comparison, rows: dict[str, Difference], scope: frozenset[int] | None) -> Counts:
    of_system = Difference.objects.filter(system=comparison.system, platform=comparison.platform)
    keys = list(rows)
    known = {
        one.key: one for at in range(0, len(keys), BATCH) for one in of_system.filter(key__in=keys[at : at + BATCH])
    }
    for key, one in known.items():
        one.row, one.said, one.comparison, one.standing = rows[key].row, rows[key].said, comparison, True
    Difference.objects.bulk_update(known.values(), ["row", "said", "comparison", "standing"], batch_size=BATCH // 4)
    new = [one for key, one in rows.items() if key not in known]
    Difference.objects.bulk_create(new, batch_size=BATCH)
    old = of_system.filter(standing=True).exclude(comparison=comparison)
    if scope is not None:
        old = old.filter(unit__in=scope)
    return Counts(len(rows), len(new), old.update(standing=False))
