"""Who hears of what belongs to a unit where nobody holds a position, and who supervises a unit.

Colleagues of a unit above do not see into it (「own unit」). So what nobody there can read goes to whoever supervises
it from the nearest unit that has somebody, and else to the city's inspectors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from xinmei.compiled import Compiled, given, given_numbers, given_texts
from xinmei.notices.models import Notice
from xinmei.people.doors import day_of, in_force
from xinmei.people.models import Position, PositionHeld
from xinmei.people.rights import AT_A_UNIT
from xinmei.units.models import Unit

Audience = Notice.Audience


@dataclass(frozen=True)
class Receiver:
    """Who hears of it: an audience at a unit, or in the whole city. `instead_of`: the unit where nobody could."""

    audience: str
    unit: Unit | None
    instead_of: Unit | None = None

    @property
    def name(self) -> str:
        """Who that is, in words."""
        if self.audience == Audience.SUPERVISORS and self.unit is not None:
            return f"{self.unit}主管"
        return "市检查员" if self.unit is None else str(self.unit)

    @property
    def said(self) -> str:
        """Why it went there, as a message says it; "" where it went to the unit itself."""
        return f"{self.instead_of}没有人任岗，已发给{self.name}" if self.instead_of else ""


def receiver_of(unit: Unit, at: datetime) -> Receiver:
    """Where a message to the editors of a unit goes. One query, and three more where nobody is there."""
    if _with_people([unit.pk], AT_A_UNIT, at):
        return Receiver(Audience.EDITORS, unit)
    above = supervisors_above(unit, at)
    if not above:
        return Receiver(Audience.INSPECTORS, None, unit)
    return Receiver(Audience.SUPERVISORS, above[0], unit)


def supervisors_above(unit: Unit, at: datetime) -> list[Unit]:
    """The units at which somebody now supervises `unit`, the nearest first: itself, its system, and so on upward."""
    steps = [step for step in unit.path.split("/") if step]
    paths = ["/" + "/".join(steps[:count]) + "/" for count in range(len(steps), 0, -1)]
    line = {one.path: one for one in Unit.objects.filter(path__in=paths).select_related("vertical_system")}
    line.setdefault(unit.path, unit)
    order = [above for path in paths or [unit.path] if (one := line.get(path)) for above in (one, one.vertical_system)]
    found = {one.pk: one for one in order if one is not None}
    there = _with_people(found, (Position.SUPERVISOR,), at)
    return [one for pk, one in found.items() if pk in there]


def _with_people(units: Iterable[int], positions: Iterable[Position], at: datetime) -> set[int]:
    """Those of the units where somebody holds one of the positions."""
    return set(_HELD.fetch(units=list(units), positions=[str(one) for one in positions], day=day_of(at)))


_HELD = Compiled(
    lambda: (
        PositionHeld.objects.filter(
            in_force(given("day")),
            unit__in=given_numbers("units"),
            position__in=given_texts("positions"),
            person__is_active=True,
        )
        .order_by()
        .values_list("unit", flat=True)
    )
)
