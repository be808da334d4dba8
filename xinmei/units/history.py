"""What a unit was on a day: its name, its kind, what stood above it. A result of before is read with these.

A row of `FormerUnit` holds until its day; what stands in `Unit` holds since the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xinmei.units.models import FormerUnit, Unit

KEPT = ("name", "kind", "parent_id", "vertical_system_id")
RENAMED, MERGED, IMPORTED = "更名", "机构合并", "导入单位表"


@dataclass(frozen=True)
class Span:
    """What a unit was from a day (None: since the register knows it) to another (not included; None: to this day)."""

    since: date | None
    until: date | None
    name: str
    kind: str
    parent_id: int | None
    vertical_system_id: int | None
    # What began it; "" for the first.
    why: str = ""

    @property
    def kind_name(self) -> str:
        """The kind in Chinese."""
        return str(dict(Unit.Kind.choices).get(self.kind, self.kind))

    def holds_on(self, day: date) -> bool:
        """Whether the unit was so on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def keep_former(units: Iterable[Unit], until: date, why: str) -> None:
    """Keeps what these units are as what they were until that day. Of several changes of one day the first counts:
    what stood only between them was nothing's name for a day.
    """
    rows = [
        FormerUnit(unit=one, until=until, why=why, **{name: getattr(one, name) for name in KEPT})
        for one in units
        if one.pk
    ]
    FormerUnit.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def spans_of(unit: Unit) -> list[Span]:
    """All that the unit has been, the first first. One query."""
    return spans(unit, list(unit.former.order_by("until")))


def spans(unit: Unit, former: Sequence[FormerUnit]) -> list[Span]:
    """The same from rows at hand, in the order of their days."""
    found: list[Span] = []
    since, why = None, ""
    for row in former:
        found.append(Span(since, row.until, row.name, row.kind, row.parent_id, row.vertical_system_id, why))
        since, why = row.until, row.why
    ended = unit.merged_on or unit.dissolved_on
    return [*found, Span(since, ended, unit.name, unit.kind, unit.parent_id, unit.vertical_system_id, why)]


def as_of(units: Iterable[Unit], day: date) -> None:
    """Gives these units the names of that day, in memory. One query, and none where nothing was called otherwise."""
    by_number = {one.pk: one for one in units}
    rows = FormerUnit.objects.filter(until__gt=day).order_by("unit", "-until").values_list("unit", "name")
    for number, name in rows:  # the last one read is the first that ended after the day
        if number in by_number:
            by_number[number].name = name


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on that day. One query."""
    return unit.former.filter(until__gt=day).order_by("until").values_list("name", flat=True).first() or unit.name


@dataclass(frozen=True)
class Tree:
    """The whole tree as it was on a day."""

    spans: Mapping[int, Span]

    def above(self, number: int) -> list[str]:
        """The names of the units above, the nearest first."""
        names: list[str] = []
        seen = {number}
        at = self.spans[number].parent_id if number in self.spans else None
        while at is not None and at in self.spans and at not in seen:
            names.append(self.spans[at].name)
            seen.add(at)
            at = self.spans[at].parent_id
        return names

    def below(self, number: int, among: Iterable[int]) -> list[str]:
        """The names of the units right below, of those that are asked for."""
        return sorted(self.spans[pk].name for pk in among if pk in self.spans and self.spans[pk].parent_id == number)


def tree_on(day: date) -> Tree:
    """Every unit that there was on a day, with its name and its place of that day. Two queries."""
    former: dict[int, list[FormerUnit]] = {}
    for row in FormerUnit.objects.order_by("until"):
        former.setdefault(row.unit_id, []).append(row)
    found = {}
    for unit in Unit.objects.all():
        if span := next((one for one in spans(unit, former.get(unit.pk, [])) if one.holds_on(day)), None):
            found[unit.pk] = span
    return Tree(found)
