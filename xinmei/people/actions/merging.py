"""The positions of a unit that goes: into another, held there to the day before and on the new unit from the day on;
or dissolved, held to the day before.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from xinmei.core.refusals import NotNow
from xinmei.people.models import Delegation, HandOver, PositionHeld, PositionProposal, Token
from xinmei.units.models import Unit

# What hangs on a position held and goes on with it.
_HANGING = (Delegation, HandOver, PositionProposal, Token)


def move_positions(unit: Unit, into: Unit, on: date) -> int:
    """How many positions went over. What somebody holds at the new unit already is not held twice."""
    lasting = PositionHeld.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), unit=unit)
    rows = list(lasting.select_for_update(of=("self",)))
    for held in rows:
        _move(held, into, on)
    PositionProposal.objects.filter(unit=unit, state=PositionProposal.State.WAITING).update(unit=into)
    return len(rows)


def _move(held: PositionHeld, into: Unit, on: date) -> None:
    before, starts_on, ends_on = held.pk, max(held.starts_on, on), held.ends_on
    same = PositionHeld.objects.filter(person=held.person_id, unit=into, position=held.position)
    there = same.filter(starts_on__lte=starts_on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).first()
    if there is None:
        there, _ = PositionHeld.objects.get_or_create(
            person_id=held.person_id,
            unit=into,
            position=held.position,
            starts_on=starts_on,
            defaults={"ends_on": ends_on},
        )
    elif there.ends_on is not None and (ends_on is None or ends_on > there.ends_on):
        there.ends_on = ends_on
        there.save(update_fields=["ends_on"])
    for model in _HANGING:
        model.objects.filter(position_held=before).update(position_held=there)
    if held.starts_on < on:
        held.ends_on = on - timedelta(days=1)
        held.save(update_fields=["ends_on"])
    else:
        held.delete()


def end_positions(unit: Unit, on: date) -> int:
    """How many positions at a unit that is dissolved on that day ended with the day before. Raises NotNow."""
    lasting = PositionHeld.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), unit=unit)
    if lasting.filter(starts_on__gte=on).exists():
        raise NotNow(f"{unit}有岗位从 {on} 或以后开始，先终止这些岗位")
    if PositionProposal.objects.filter(unit=unit, state=PositionProposal.State.WAITING).exists():
        raise NotNow(f"{unit}有岗位变动等待批准，先由安全管理员办理")
    return lasting.update(ends_on=on - timedelta(days=1))
