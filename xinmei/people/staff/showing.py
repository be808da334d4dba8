"""People and positions as programs read them: what the page shows, no more."""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.people.models import Delegation, HandOver, Person, PositionHeld, PositionProposal, SignedIn, Token
from xinmei.people.staff.doors import positions_held_visible_to
from xinmei.people.staff.queries import show_phone_and_email


class PositionOfPerson(TypedDict):
    """A position in the list of a person's."""

    id: str
    unit: str
    post: str
    starts_on: str | None
    ends_on: str | None


class ShownPerson(TypedDict):
    """What programs read of a person."""

    id: str
    login: str
    name: str
    phone: str | None
    email: str | None
    active: bool
    last_login: str | None
    positions: list[PositionOfPerson]


def show_person(person: Person, acting: Acting) -> ShownPerson:
    """A person with the positions in reach; of oneself all."""
    is_self = person.pk == acting.person_id
    held = PositionHeld.objects.all() if is_self else positions_held_visible_to(acting)
    positions = list(held.filter(person=person).select_related("unit").order_by("starts_on", "pk"))
    phone, email = show_phone_and_email(person, acting, {one.unit_id for one in positions})
    return {
        "id": str(person.pk),
        "login": person.login,
        "name": person.name,
        "phone": phone or None,
        "email": email or None,
        "active": person.is_active,
        "last_login": show_moment(person.last_login),
        "positions": [
            {
                "id": str(one.pk),
                "unit": one.unit.code,
                "post": one.position,
                "starts_on": show_day(one.starts_on),
                "ends_on": show_day(one.ends_on),
            }
            for one in positions
        ],
    }


class ShownPosition(TypedDict):
    """What programs read of a position held."""

    id: str
    person: str
    unit: str
    post: str
    starts_on: str | None
    ends_on: str | None


def show_position(held: PositionHeld, acting: Acting) -> ShownPosition:
    """A position that a person holds, held or will hold."""
    return {
        "id": str(held.pk),
        "person": held.person.login,
        "unit": held.unit.code,
        "post": held.position,
        "starts_on": show_day(held.starts_on),
        "ends_on": show_day(held.ends_on),
    }


class ShownProposal(TypedDict):
    """What programs read of a proposal."""

    id: str
    change: str
    state: str
    person: str
    unit: str
    post: str
    starts_on: str | None
    ends_on: str | None
    position: str | None
    reason: str | None
    proposed_by: str
    proposed_at: str | None
    decided_by: str | None
    decided_at: str | None


def show_proposal(proposal: PositionProposal, acting: Acting) -> ShownProposal:
    """A position to be given or ended. `position` is the one that ends."""
    return {
        "id": str(proposal.pk),
        "change": proposal.change,
        "state": proposal.state,
        "person": proposal.person.login,
        "unit": proposal.unit.code,
        "post": proposal.position,
        "starts_on": show_day(proposal.starts_on),
        "ends_on": show_day(proposal.ends_on),
        "position": str(proposal.position_held_id) if proposal.position_held_id else None,
        "reason": mask(proposal.reason) or None,
        "proposed_by": proposal.proposed_by.login,
        "proposed_at": show_moment(proposal.proposed_at),
        "decided_by": proposal.decided_by.login if proposal.decided_by else None,
        "decided_at": show_moment(proposal.decided_at),
    }


class ShownDelegation(TypedDict):
    """What programs read of a delegation."""

    id: str
    position: str
    holder: str
    unit: str
    post: str
    person: str
    starts_on: str | None
    ends_on: str | None
    given_at: str | None
    ended_at: str | None


def show_delegation(delegation: Delegation, acting: Acting) -> ShownDelegation:
    """Who stands in for whom."""
    held = delegation.position_held
    return {
        "id": str(delegation.pk),
        "position": str(held.pk),
        "holder": held.person.login,
        "unit": held.unit.code,
        "post": held.position,
        "person": delegation.person.login,
        "starts_on": show_day(delegation.starts_on),
        "ends_on": show_day(delegation.ends_on),
        "given_at": show_moment(delegation.given_at),
        "ended_at": show_moment(delegation.ended_at),
    }


class ShownHandOver(TypedDict):
    """What programs read of a hand-over."""

    id: str
    state: str
    position: str
    unit: str
    post: str
    holder: str
    person: str
    checklist: list[str]
    done: list[str]
    opened_at: str | None
    given_at: str | None
    taken_at: str | None


def show_hand_over(over: HandOver, acting: Acting) -> ShownHandOver:
    """A hand-over with its list: what is done, and what not yet."""
    held = over.position_held
    return {
        "id": str(over.pk),
        "state": over.state.value,
        "position": str(held.pk),
        "unit": held.unit.code,
        "post": held.position,
        "holder": held.person.login,
        "person": over.successor.login,
        "checklist": list(over.items),
        "done": [item for item, is_done in over.items.items() if is_done],
        "opened_at": show_moment(over.opened_at),
        "given_at": show_moment(over.given_at),
        "taken_at": show_moment(over.taken_at),
    }


class ShownSession(TypedDict):
    """What programs read of a session."""

    id: str
    person: str
    address: str | None
    agent: str | None
    started_at: str | None
    seen_at: str | None


def show_session(session: SignedIn, acting: Acting) -> ShownSession:
    """Where somebody is logged in."""
    return {
        "id": str(session.pk),
        "person": session.person.login,
        "address": session.address or None,
        "agent": session.agent or None,
        "started_at": show_moment(session.started_at),
        "seen_at": show_moment(session.seen_at),
    }


class ShownToken(TypedDict):
    """What programs read of a token."""

    id: str
    person: str
    unit: str
    post: str
    name: str
    made_at: str | None
    ends_at: str | None
    ended_at: str | None
    uses: int
    last_used_at: str | None


def show_token(token: Token, acting: Acting) -> ShownToken:
    """That it is there, and how it is used; never the token itself."""
    held = token.position_held
    return {
        "id": str(token.pk),
        "person": token.person.login,
        "unit": held.unit.code,
        "post": held.position,
        "name": token.name,
        "made_at": show_moment(token.made_at),
        "ends_at": show_moment(token.ends_at),
        "ended_at": show_moment(token.ended_at),
        "uses": token.uses,
        "last_used_at": show_moment(token.last_used_at),
    }
