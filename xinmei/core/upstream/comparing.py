"""The differences between an export and the register: docs/decisions/0440-what-a-difference-says.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xinmei.core.upstream.links import plain_link
from xinmei.core.upstream.nearness import Neighbours
from xinmei.core.upstream.ours import Ours
from xinmei.core.upstream.pairing import pair, plain_handle
from xinmei.core.upstream.reading import UpstreamRow
from xinmei.core.upstream.rules import Upstream, plain

MISSING, EXTRA, DIFFERENT, NEAR = "missing", "extra", "different", "near"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line. `near` are accounts; `place` is the place of the row in the export (None: there is none)."""

    kind: str
    account: str | None = None
    row: int | str | None = None
    field: str | None = None
    ours: str | None = None
    theirs: str | None = None
    near: tuple[str, ...] = ()
    place: int | None = None

    def line(self) -> dict[str, object]:
        """As programs read it."""
        return {
            "kind": self.kind,
            "account": self.account,
            "row": self.row,
            "field": self.field,
            "ours": self.ours,
            "theirs": self.theirs,
            "near": list(self.near),
        }


def reconcile(ours: Sequence[Ours], rows: Sequence[UpstreamRow], rules: Upstream) -> Iterator[Difference]:
    """Row by row what differs, then the accounts that are missing, by their id."""
    pairing = pair(ours, rows, rules)
    answered = set(pairing.pairs.values())
    neighbours = Neighbours(ours, (place for place in range(len(ours)) if place not in answered))
    for place, row in enumerate(rows):
        if (account := pairing.pairs.get(place)) is not None:
            for name, mine, theirs in compare(ours[account], row, rules):
                yield Difference(DIFFERENT, ours[account].id, row.row, name, mine, theirs, place=place)
        elif (account := pairing.again.get(place)) is not None:
            yield Difference(EXTRA, ours[account].id, row.row, theirs=_said(row), place=place)
        else:
            near = pairing.torn.get(place) or neighbours.near(row)
            ids = tuple(ours[one].id for one in near)
            yield Difference(NEAR if ids else EXTRA, row=row.row, theirs=_said(row), near=ids, place=place)
    for one in sorted(
        (one for place, one in enumerate(ours) if one.in_service and place not in answered), key=lambda one: one.id
    ):
        yield Difference(MISSING, one.id, ours=one.name)


def _said(row: UpstreamRow) -> str:
    return row.name or row.handle or row.url or ""


def compare(one: Ours, row: UpstreamRow, rules: Upstream) -> Iterator[tuple[str, str | None, str | None]]:
    """The fields that differ: name, ours, theirs. What the row does not say is not compared."""
    for name in rules.compared:
        said = _COMPARED[name](one, row, rules)
        if said is not None:
            yield name, said[0] or None, said[1] or None


_Said = tuple[str, str] | None


def _name(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    return (one.name, row.name) if row.name and row.name != one.name else None


def _platform(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    return (one.platform, row.platform) if row.platform and row.platform != one.platform else None


def _kind(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    return (one.kind, row.kind) if row.kind and row.kind != one.kind else None


def _unit(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    """A unit that is called by a short name, or by its code, is the same unit."""
    if not row.unit or row.unit == one.unit or plain(row.unit) in map(plain, (one.unit, *one.unit_names)):
        return None
    return one.unit, row.unit


def _handle(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    same = not row.handle or plain_handle(row.handle) == plain_handle(one.handle)
    return None if same else (one.handle, row.handle)


def _url(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    """「没链接的填无」: there the other system says that there is none."""
    if row.url is None:
        return (one.url, "") if one.url else None
    ignored = rules.ignored_in_links
    same = not row.url or row.url == one.url or plain_link(row.url, ignored) == plain_link(one.url, ignored)
    return None if same else (one.url, row.url)


def _verification(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    """What we have not observed is no difference."""
    if one.verification and row.verified is False:
        return one.verification, row.told["verified"]
    same = not row.verification or not one.verification or plain(row.verification) == plain(one.verification)
    return None if same else (one.verification, row.verification)


def _status(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    """An account that is out of service here and stands there without a word of it, differs too."""
    if not row.status:
        return None if one.in_service else (one.status, "")
    if row.status == one.status or (one.status == "unfiled" and row.status == "active"):
        return None
    return one.status, row.status


def _filed(one: Ours, row: UpstreamRow, rules: Upstream) -> _Said:
    if row.filed is None or row.filed == one.filed:
        return None
    return "是" if one.filed else "否", row.told["filed"]


_COMPARED = {
    "name": _name,
    "platform": _platform,
    "kind": _kind,
    "unit": _unit,
    "handle": _handle,
    "url": _url,
    "verification": _verification,
    "status": _status,
    "filed": _filed,
}
