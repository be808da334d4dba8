"""Positions are given and ended: at once, or by proposal and approval.

A `unit_admin` gives and ends 编辑、审核、审签 at their own unit. All other positions are proposed by the system
administrator and approved by the security administrator. Nobody gives a position to themselves. The three
administrators are three people, and hold no other position.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from xinmei.core.refusals import NotNow, NotSo, Wrong
from xinmei.people.doors import Refused, day_of
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.people.models import Person, Position, PositionHeld, PositionProposal
from xinmei.people.rights import ADMINISTRATORS, GIVEN_BY_UNIT_ADMIN, HELD_AT
from xinmei.units.models import Unit


def give_position(given: Mapping[str, Any], by: Acting, at: datetime) -> PositionHeld:
    """`unit_admin` gives 编辑、审核 or 审签 at the own unit. Raises Refused, NotNow."""
    return give_to(given["person"], given, by, at)


def give_to(person: Person, given: Mapping[str, Any], by: Acting, at: datetime) -> PositionHeld:
    """The position that `given` names, given to `person` at the unit of who acts. Raises Refused, NotNow."""
    position, unit = given["post"], given.get("unit") or by.unit_code
    if unit != by.unit_code:
        raise _refused("单位管理员只能授予本单位的岗位", person, by)
    if position not in GIVEN_BY_UNIT_ADMIN:
        text = f"“{Position(position).label}”不由单位管理员授予：由系统管理员提出、安全管理员批准"
        raise _refused(text, person, by)
    if person.pk == by.person_id:
        raise _refused("不得给自己授予岗位", person, by)
    return _give(person, Unit.objects.get(code=unit), position, given["starts_on"], given["ends_on"], by, at)


def _refused(text: str, person: Person, by: Acting, right: str = "give_unit_posts") -> Refused:
    return Refused(text, acting=by, verb=right, kind="person", number=person.pk)


def _check_fits(person: Person, position: str, unit: Unit, starts_on: date, ends_on: date | None) -> None:
    """Checks where a position can be held, and 三员分立: an administrator holds no other position."""
    if position in HELD_AT and unit.kind not in HELD_AT[position]:
        place = "市本级" if HELD_AT[position] == ("city",) else "县区、功能区或主管一个系统的部门"
        raise NotSo(errors=(Wrong("post", f"“{Position(position).label}”只能设在{place}", position),))
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        meets &= Q(starts_on__lte=ends_on)
    others = list(PositionHeld.objects.filter(meets, person=person))
    if others and (position in ADMINISTRATORS or any(other.position in ADMINISTRATORS for other in others)):
        raise NotNow("系统、安全、审计管理员由三人分别担任，且不得兼任其他岗位；请先终止其现任岗位")


def _give(
    person: Person, unit: Unit, position: str, starts_on: date, ends_on: date | None, by: Acting, at: datetime
) -> PositionHeld:
    hold("posts held")
    _check_fits(person, position, unit, starts_on, ends_on)
    if PositionHeld.objects.filter(person=person, unit=unit, position=position, starts_on=starts_on).exists():
        raise NotNow(f"{person}自 {starts_on} 起的这一岗位已经登记")
    held = PositionHeld.objects.create(
        person=person, unit=unit, position=position, starts_on=starts_on, ends_on=ends_on
    )
    after = {"post": position, "unit": unit.pk, "from": starts_on, "to": ends_on}
    record("give_post", by=by, at=at, kind="person", number=person.pk, content={"after": after})
    return held


def end_position(held: PositionHeld, given: Mapping[str, Any], by: Acting, at: datetime) -> PositionHeld:
    """`unit_admin` ends a position of the own unit; `ends_on` is its last day, yesterday means at once."""
    return _end(held, given["ends_on"], by, at)


def say_ended(held: Any) -> str:
    """What the page says: what is true from now on."""
    if held.acts_until is None:
        return "岗位已终止：从现在起不能再办理。"
    return f"已登记：这个岗位到 {write_day(held.acts_until)} 24:00 为止，在此以前仍可办理。"


def write_day(day: date) -> str:
    """「2026年5月12日」."""
    return f"{day.year}年{day.month}月{day.day}日"


def _end(held: PositionHeld, ends_on: date, by: Acting, at: datetime) -> PositionHeld:
    held.acts_until = ends_on if ends_on >= day_of(at) else None  # type: ignore[attr-defined]
    if ends_on < held.starts_on:  # it never acted
        PositionHeld.objects.filter(pk=held.pk).delete()
        change: dict[str, Any] = {"held": held.pk, "never_began": True}
    else:
        change = {"held": held.pk, "post": held.position, "before": held.ends_on, "after": ends_on}
        held.ends_on = ends_on
        held.save(update_fields=["ends_on"])
    record("end_post", by=by, at=at, kind="person", number=held.person_id, content=change)
    return held


def propose_position(given: Mapping[str, Any], by: Acting, at: datetime) -> PositionProposal:
    """The system administrator proposes that a position be given. Raises Refused, NotSo, NotNow."""
    person, unit = given["person"], given["unit"]
    if person.pk == by.person_id:
        raise _refused("不得给自己授予岗位", person, by, "propose_posts")
    _check_fits(person, given["post"], unit, given["starts_on"], given["ends_on"])
    proposal = PositionProposal(
        change=PositionProposal.Change.GIVE,
        person=person,
        unit=unit,
        position=given["post"],
        starts_on=given["starts_on"],
        ends_on=given["ends_on"],
    )
    return _propose(proposal, given["reason"], by, at)


def propose_end(held: PositionHeld, given: Mapping[str, Any], by: Acting, at: datetime) -> PositionProposal:
    """The system administrator proposes that a position end after its last day `ends_on`."""
    proposal = PositionProposal(
        change=PositionProposal.Change.END,
        person=held.person,
        unit_id=held.unit_id,
        position=held.position,
        starts_on=held.starts_on,
        ends_on=given["ends_on"],
        position_held=held,
    )
    return _propose(proposal, given["reason"], by, at)


def _propose(proposal: PositionProposal, reason: str, by: Acting, at: datetime) -> PositionProposal:
    assert by.person_id is not None
    proposal.reason, proposal.proposed_by_id, proposal.proposed_at = reason, by.person_id, at
    proposal.save()
    change = {
        "change": proposal.change,
        "person": proposal.person_id,
        "post": proposal.position,
        "unit": proposal.unit_id,
    }
    record("propose_post", by=by, at=at, kind="proposal", number=proposal.pk, content=change)
    return proposal


def decide_proposal(proposal: PositionProposal, given: Mapping[str, Any], by: Acting, at: datetime) -> PositionProposal:
    """The security administrator approves or refuses. What is approved is done at once.

    Raises NotSo or NotNow where it no longer fits.
    """
    approved = given["approve"]
    proposal.state = PositionProposal.State.APPROVED if approved else PositionProposal.State.REJECTED
    proposal.decided_by_id, proposal.decided_at = by.person_id, at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    record("approve_post" if approved else "reject_post", by=by, at=at, kind="proposal", number=proposal.pk)
    if approved and proposal.position_held is not None:
        assert proposal.ends_on is not None
        _end(proposal.position_held, max(proposal.ends_on, day_of(at) - timedelta(days=1)), by, at)
    elif approved:
        _give(proposal.person, proposal.unit, proposal.position, proposal.starts_on, proposal.ends_on, by, at)
    return proposal
