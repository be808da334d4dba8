"""Which people, and which positions they hold, somebody sees: by the units in reach, and always oneself."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xinmei.people.doors import one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.models import Person, PositionHeld
from xinmei.people.reach import reach_q
from xinmei.units.reach import CITY


def positions_held_visible_to(acting: Acting) -> QuerySet[PositionHeld]:
    """Posts held at the units in reach."""
    return PositionHeld.objects.filter(reach_q(acting, reach_to_see(acting, "people")))


def people_visible_to(acting: Acting) -> QuerySet[Person]:
    """Oneself, and people who hold, held or will hold a position at a unit in reach; whose reach is the city sees those without a position too."""
    if reach_to_see(acting, "people") == CITY:
        return Person.objects.all()
    return Person.objects.filter(Q(pk=acting.person_id) | Q(pk__in=positions_held_visible_to(acting).values("person")))


def person_for(acting: Acting, pk: object) -> Person:
    """One person; Http404 out of reach."""
    return one_of(people_visible_to(acting), pk)


def position_held_for(acting: Acting, pk: object) -> PositionHeld:
    """One position held, of a unit in reach or one's own; Http404 out of reach."""
    return one_of(
        PositionHeld.objects.filter(
            Q(person=acting.person_id) | Q(pk__in=positions_held_visible_to(acting))
        ).select_related("person", "unit"),
        pk,
    )
