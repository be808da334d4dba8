"""What the pages of people and positions show."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from xinmei.core.screening.detectors import mask_piece
from xinmei.people.doors import day_of, in_force
from xinmei.people.events import Acting
from xinmei.people.models import Person, Position, PositionHeld
from xinmei.people.staff.doors import positions_held_visible_to

IDLE = timedelta(days=90)


@dataclass(frozen=True)
class Row:
    """One person as the list shows them.

    `phone` and `email` are masked, except for the person and for the administrator of their unit.
    """

    person: Person
    phone: str
    email: str
    now: list[str] = field(default_factory=list)
    ended: int = 0

    @property
    def pk(self) -> int:
        """The number of the person."""
        return self.person.pk


def sees_phone(acting: Acting, person: Person, units: set[int]) -> bool:
    """「their phones and e-mails are masked but for themselves and `unit_admin`」"""
    return person.pk == acting.person_id or (acting.position == Position.UNIT_ADMIN and acting.unit_id in units)


def show_phone_and_email(person: Person, acting: Acting, units: set[int]) -> tuple[str, str]:
    """As this position sees them; `units` are those at which the person holds positions in reach."""
    if sees_phone(acting, person, units):
        return person.phone, person.email
    return mask_piece(person.phone, 3, 4), mask_piece(person.email, 1, 0)


def describe_people(people: list[Person], acting: Acting, now: datetime) -> list[Row]:
    """The people of one page with their visible positions: one query."""
    day = day_of(now)
    held: dict[int, list[PositionHeld]] = defaultdict(list)
    for position in positions_held_visible_to(acting).filter(person__in=people).select_related("unit"):
        held[position.person_id].append(position)
    rows = []
    for person in people:
        positions = held[person.pk]
        holds = [
            position
            for position in positions
            if position.starts_on <= day and (position.ends_on is None or position.ends_on >= day)
        ]
        phone, email = show_phone_and_email(person, acting, {position.unit_id for position in positions})
        rows.append(
            Row(
                person,
                phone,
                email,
                [f"{position.unit.name} {position.get_position_display()}" for position in holds],
                len(positions) - len(holds),
            )
        )
    return rows


def idle_people(people: QuerySet[Person], now: datetime) -> QuerySet[Person]:
    """闲置: may act, and did not log in for ninety days (or never, and the position began that long ago)."""
    day = day_of(now)
    acts = PositionHeld.objects.filter(in_force(day), starts_on__lte=day - IDLE).values("person")
    return people.filter(Q(last_login__isnull=True) | Q(last_login__lt=now - IDLE), is_active=True, pk__in=acts)


def without_position(people: QuerySet[Person], now: datetime) -> QuerySet[Person]:
    """People who may log in and hold no position today."""
    return people.filter(is_active=True).exclude(
        pk__in=PositionHeld.objects.filter(in_force(day_of(now))).values("person")
    )
