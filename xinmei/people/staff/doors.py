"""Which people, and which positions they hold, somebody sees: by the units in reach, and always oneself."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xinmei.people.doors import may, one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.models import Delegation, HandOver, Person, PositionHeld, PositionProposal, SignedIn, Token
from xinmei.people.reach import reach_q
from xinmei.units.reach import CITY


def positions_held_visible_to(acting: Acting) -> QuerySet[PositionHeld]:
    """Positions held at the units in reach."""
    return PositionHeld.objects.filter(reach_q(acting, reach_to_see(acting, "people")))


def positions_held_within(acting: Acting) -> QuerySet[PositionHeld]:
    """Positions held at the units in reach, and one's own wherever they are."""
    return PositionHeld.objects.filter(Q(person=acting.person_id) | Q(pk__in=positions_held_visible_to(acting)))


def people_visible_to(acting: Acting) -> QuerySet[Person]:
    """Oneself, and everybody who holds, held or will hold a position at a unit in reach.

    Whose reach is the city also sees people without a position.
    """
    if reach_to_see(acting, "people") == CITY:
        return Person.objects.all()
    return Person.objects.filter(Q(pk=acting.person_id) | Q(pk__in=positions_held_visible_to(acting).values("person")))


def person_for(acting: Acting, pk: object) -> Person:
    """One person; Http404 out of reach."""
    return one_of(people_visible_to(acting), pk)


def proposals_visible_to(acting: Acting) -> QuerySet[PositionProposal]:
    """Proposals, for the two administrators who make and decide them."""
    if may(acting, "propose_posts") or may(acting, "approve_posts"):
        return PositionProposal.objects.select_related("person", "unit", "position_held", "proposed_by", "decided_by")
    return PositionProposal.objects.none()


def delegations_by(acting: Acting) -> QuerySet[Delegation]:
    """Delegations that one gave oneself."""
    given = Delegation.objects.filter(position_held__person=acting.person_id)
    return given.select_related("person", "position_held__person", "position_held__unit")


def hand_overs_of(acting: Acting) -> QuerySet[HandOver]:
    """Hand-overs in which one gives or takes."""
    taking_part = HandOver.objects.filter(Q(position_held__person=acting.person_id) | Q(successor=acting.person_id))
    return taking_part.select_related("position_held__person", "position_held__unit", "successor")


def hand_over_for(acting: Acting, pk: object) -> HandOver:
    """One of these; Http404 for everybody else."""
    return one_of(hand_overs_of(acting), pk)


def sessions_visible_to(acting: Acting) -> QuerySet[SignedIn]:
    """One's own sessions; for whoever ends sessions everybody's."""
    if may(acting, "end_sessions"):
        return SignedIn.objects.all()
    return SignedIn.objects.filter(person=acting.person_id)


def tokens_visible_to(acting: Acting) -> QuerySet[Token]:
    """One's own tokens; for whoever ends sessions everybody's."""
    if may(acting, "end_sessions"):
        return Token.objects.all()
    return Token.objects.filter(person=acting.person_id)
