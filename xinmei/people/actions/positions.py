"""Posts given and ended, stood in for (代), handed over.

`unit_admin` gives and ends 编辑、审核、审签 at the own unit; all others the system administrator proposes and the security administrator approves.
Nobody gives a position to themselves; the three administrators are three people and hold no other position.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from xinmei.people.actions.passwords import make_single_use_password
from xinmei.people.doors import Refused, check, day_of, in_force
from xinmei.people.events import Acting, record
from xinmei.people.following import follow_delegation, follow_giving
from xinmei.people.locks import hold
from xinmei.people.models import Delegation, HandOver, Person, Position, PositionHeld, PositionProposal
from xinmei.people.rights import ADMINISTRATORS, GIVEN_BY_UNIT_ADMIN, HELD_AT

HAND_OVER_ITEMS = (
    "账号口令与管理员权限已移交",
    "未办结的问题、留言和稿件已说明",
    "联系人和联系电话已更新",
    "值守安排已交接",
    "资料与账号登记册已移交",
)


class NotPossible(Exception):
    """The position cannot be given, ended, stood in for or handed over so; the text says why and what is possible."""


def _check_not_oneself(person: Person, by: Acting, what: str) -> None:
    if person.pk == by.person_id:
        raise Refused(f"不得给自己{what}", acting=by, verb="give_unit_posts", kind="person", number=person.pk)


def _check_fits(person: Person, position: str, unit_kind: str, starts_on: date, ends_on: date | None) -> None:
    """Where a position can be held, and 三员分立: an administrator holds no other position, nobody holds two of these three."""
    if ends_on is not None and ends_on < starts_on:
        raise NotPossible(f"止日 {ends_on} 早于起日 {starts_on}")
    if position in HELD_AT and unit_kind not in HELD_AT[position]:
        raise NotPossible(
            f"“{Position(position).label}”只能设在{'市本级' if HELD_AT[position] == ('city',) else '县区、功能区或主管一个系统的部门'}"
        )
    meets = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        meets &= Q(starts_on__lte=ends_on)
    others = list(PositionHeld.objects.filter(meets, person=person))
    if others and (position in ADMINISTRATORS or any(other.position in ADMINISTRATORS for other in others)):
        raise NotPossible("系统、安全、审计管理员由三人分别担任，且不得兼任其他岗位；请先终止其现任岗位")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is not yet known here."""

    login: str
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class FirstPosition:
    """The position of the own unit that a newcomer begins with."""

    position: str
    starts_on: date
    ends_on: date | None = None


def add_person(newcomer: Newcomer, first: FirstPosition | None, *, by: Acting, at: datetime) -> tuple[Person, str]:
    """Somebody new, with a password to be used once (returned, shown once).

    By the unit's administrator with a `first` position at the own unit, or by the system administrator without one. Raises Refused, NotPossible.
    """
    login = newcomer.login
    if first is None:
        check(by, "propose_posts", "person")
    if Person.objects.filter(login=login).exists():
        raise NotPossible(f"登录名“{login}”已有人使用，请换一个（如加上单位简称）")
    once = make_single_use_password()
    with transaction.atomic():
        person = Person(**asdict(newcomer), must_change_password=True, password_changed_at=at)
        person.set_password(once)
        person.save()
        particulars = {item: value for item, value in asdict(newcomer).items() if value and item != "login"}
        record(
            "add_person",
            by=by,
            at=at,
            kind="person",
            number=person.pk,
            content={"login": login},
            particulars=particulars,
        )
        if first is not None:
            assert by.unit_id is not None
            give_position(person, by.unit_id, "", first.position, first.starts_on, first.ends_on, by=by, at=at)
    return person, once


def bootstrap(city_id: int, *, by: Acting, at: datetime) -> list[tuple[str, str, str]]:
    """The first three administrators, three people at the city, each with a password to be used once: (log-in name, position, password).

    Raises NotPossible where an administrator is there already: further ones come by proposal and approval.
    """
    with transaction.atomic():
        hold("posts held")
        if PositionHeld.objects.filter(in_force(day_of(at)), position__in=ADMINISTRATORS).exists():
            raise NotPossible("已有管理员；增补由系统管理员提出、安全管理员批准")
        made = []
        for position in ADMINISTRATORS:
            if Person.objects.filter(login=position.value).exists():
                raise NotPossible(f"登录名“{position.value}”已有人使用，不能设立管理员")
            once = make_single_use_password()
            person = Person(
                login=position.value, name=position.label, must_change_password=True, password_changed_at=at
            )
            person.set_password(once)
            person.save()
            PositionHeld.objects.create(person=person, unit_id=city_id, position=position, starts_on=day_of(at))
            record("bootstrap", by=by, at=at, kind="person", number=person.pk, content={"post": position.value})
            made.append((position.value, position.value, once))
    return made


def give_position(
    person: Person,
    unit_id: int,
    unit_kind: str,
    position: str,
    starts_on: date,
    ends_on: date | None,
    *,
    by: Acting,
    at: datetime,
) -> PositionHeld:
    """`unit_admin` gives 编辑、审核 or 审签 at the own unit. Raises Refused, NotPossible."""
    check(by, "give_unit_posts", "person", person.pk)
    if unit_id != by.unit_id:
        raise Refused(
            "单位管理员只能授予本单位的岗位", acting=by, verb="give_unit_posts", kind="person", number=person.pk
        )
    if position not in GIVEN_BY_UNIT_ADMIN:
        text = f"“{Position(position).label}”不由单位管理员授予：由系统管理员提出、安全管理员批准"
        raise Refused(text, acting=by, verb="give_unit_posts", kind="person", number=person.pk)
    _check_not_oneself(person, by, "授予岗位")
    return _give(person, unit_id, unit_kind, position, starts_on, ends_on, by, at)


def _give(
    person: Person,
    unit_id: int,
    unit_kind: str,
    position: str,
    starts_on: date,
    ends_on: date | None,
    by: Acting,
    at: datetime,
) -> PositionHeld:
    with transaction.atomic():
        hold("posts held")
        _check_fits(person, position, unit_kind, starts_on, ends_on)
        if PositionHeld.objects.filter(person=person, unit_id=unit_id, position=position, starts_on=starts_on).exists():
            raise NotPossible(f"{person}自 {starts_on} 起的这一岗位已经登记")
        held = PositionHeld.objects.create(
            person=person, unit_id=unit_id, position=position, starts_on=starts_on, ends_on=ends_on
        )
        after = {"post": position, "unit": unit_id, "from": starts_on, "to": ends_on}
        record("give_post", by=by, at=at, kind="person", number=person.pk, content={"after": after})
    return held


def end_position(held: PositionHeld, ends_on: date, *, by: Acting, at: datetime) -> None:
    """`unit_admin` ends a position of the own unit; `ends_on` is its last day, yesterday means at once. Raises Refused, NotPossible."""
    check(by, "give_unit_posts", "person", held.person_id)
    if held.unit_id != by.unit_id or held.position not in GIVEN_BY_UNIT_ADMIN:
        text = "单位管理员只能终止本单位的编辑、审核、审签岗位；其他岗位由系统管理员提出、安全管理员批准"
        raise Refused(text, acting=by, verb="give_unit_posts", kind="person", number=held.person_id)
    _check_not_oneself(held.person, by, "终止岗位")
    _end(held, ends_on, by, at)


def _end(held: PositionHeld, ends_on: date, by: Acting, at: datetime) -> None:
    if ends_on < day_of(at) - timedelta(days=1):
        raise NotPossible(f"止日写的是 {ends_on}，最早可写昨天（即刻终止）：已经办过的事不能事后无权")
    before = held.ends_on
    with transaction.atomic():
        if ends_on < held.starts_on:  # it never acted
            person, number = held.person_id, held.pk
            held.delete()
            record(
                "end_post", by=by, at=at, kind="person", number=person, content={"held": number, "never_began": True}
            )
            return
        held.ends_on = ends_on
        held.save(update_fields=["ends_on"])
        change = {"held": held.pk, "post": held.position, "before": before, "after": ends_on}
        record("end_post", by=by, at=at, kind="person", number=held.person_id, content=change)


def propose_position(
    person: Person,
    unit_id: int,
    unit_kind: str,
    position: str,
    starts_on: date,
    ends_on: date | None,
    *,
    reason: str,
    by: Acting,
    at: datetime,
) -> PositionProposal:
    """The system administrator proposes that a position be given. Raises Refused, NotPossible."""
    check(by, "propose_posts", "person", person.pk)
    _check_not_oneself(person, by, "授予岗位")
    _check_is_not_unit_admins(position)
    _check_fits(person, position, unit_kind, starts_on, ends_on)
    proposal = PositionProposal(
        change="give", person=person, unit_id=unit_id, position=position, starts_on=starts_on, ends_on=ends_on
    )
    return _propose(proposal, reason, by, at)


def propose_end(held: PositionHeld, ends_on: date, *, reason: str, by: Acting, at: datetime) -> PositionProposal:
    """The system administrator proposes that a position end after its last day `ends_on`. Raises Refused, NotPossible."""
    check(by, "propose_posts", "person", held.person_id)
    _check_not_oneself(held.person, by, "终止岗位")
    _check_is_not_unit_admins(held.position)
    proposal = PositionProposal(
        change="end",
        person=held.person,
        unit_id=held.unit_id,
        position=held.position,
        starts_on=held.starts_on,
        ends_on=ends_on,
        position_held=held,
    )
    return _propose(proposal, reason, by, at)


def _check_is_not_unit_admins(position: str) -> None:
    if position in GIVEN_BY_UNIT_ADMIN:
        raise NotPossible(f"“{Position(position).label}”由单位管理员授予和终止")


def _propose(proposal: PositionProposal, reason: str, by: Acting, at: datetime) -> PositionProposal:
    assert by.person_id is not None
    proposal.reason, proposal.proposed_by_id, proposal.proposed_at = reason, by.person_id, at
    with transaction.atomic():
        proposal.save()
        change = {
            "change": proposal.change,
            "person": proposal.person_id,
            "post": proposal.position,
            "unit": proposal.unit_id,
        }
        record("propose_post", by=by, at=at, kind="proposal", number=proposal.pk, content=change)
    return proposal


def decide_proposal(proposal: PositionProposal, *, approve: bool, unit_kind: str, by: Acting, at: datetime) -> None:
    """The security administrator approves or not; whom it is about and who proposed it do not decide. Raises Refused, NotPossible."""
    check(by, "approve_posts", "proposal", proposal.pk)
    _check_not_oneself(proposal.person, by, "批准岗位")
    if proposal.proposed_by_id == by.person_id:
        raise Refused(
            "提出人不得批准自己提出的变动", acting=by, verb="approve_posts", kind="proposal", number=proposal.pk
        )
    with transaction.atomic():
        state = PositionProposal.State.APPROVED if approve else PositionProposal.State.REJECTED
        waiting = PositionProposal.objects.filter(pk=proposal.pk, state=PositionProposal.State.WAITING)
        if not waiting.update(state=state, decided_by=by.person_id, decided_at=at):
            raise NotPossible("这项变动已经处理过了")
        record("approve_post" if approve else "reject_post", by=by, at=at, kind="proposal", number=proposal.pk)
        if approve and proposal.position_held is None:
            _give(
                proposal.person,
                proposal.unit_id,
                unit_kind,
                proposal.position,
                proposal.starts_on,
                proposal.ends_on,
                by,
                at,
            )
        elif approve and proposal.position_held is not None and proposal.ends_on is not None:
            _end(proposal.position_held, max(proposal.ends_on, day_of(at) - timedelta(days=1)), by, at)


def delegate_position(
    held: PositionHeld, person: Person, starts_on: date, ends_on: date, *, by: Acting, at: datetime
) -> Delegation:
    """代: the holder lets somebody of the same unit stand in, from–to. It cannot be passed on. Raises Refused, NotPossible."""
    if held.person_id != by.person_id:
        raise Refused(
            "只有岗位的担任者本人可以委托他人代行；代行的岗位不能再转委托",
            acting=by,
            kind="person",
            number=held.person_id,
        )
    if person.pk == by.person_id:
        raise NotPossible("代行人不能是本人")
    if held.position in ADMINISTRATORS:
        raise NotPossible("系统、安全、审计管理员不得由他人代行：三员分立，各由一人担任")
    if ends_on < starts_on or ends_on < day_of(at):
        raise NotPossible(f"代行起止写的是 {starts_on} 至 {ends_on}，止日应不早于起日和今天")
    if held.starts_on > starts_on or (held.ends_on is not None and held.ends_on < ends_on):
        raise NotPossible(f"代行期间应在本人任职期间之内（{held.starts_on} 至 {held.ends_on or '今后'}）")
    of_the_unit = PositionHeld.objects.filter(
        in_force(starts_on), in_force(ends_on), person=person, unit_id=held.unit_id
    )
    if not of_the_unit.exclude(position__in=ADMINISTRATORS).exists():
        raise NotPossible(f"代行人应是本单位在此期间的在岗人员，{person}不是")
    with transaction.atomic():
        delegation = Delegation.objects.create(
            position_held=held, person=person, starts_on=starts_on, ends_on=ends_on, given_at=at
        )
        change = {"post": held.position, "unit": held.unit_id, "to": person.pk, "from": starts_on, "until": ends_on}
        record("delegate_post", by=by, at=at, kind="delegation", number=delegation.pk, content=change)
        follow_delegation(delegation, at)
    return delegation


def end_delegation(delegation: Delegation, *, by: Acting, at: datetime) -> None:
    """The holder is back before the last day. Raises Refused."""
    if delegation.position_held.person_id != by.person_id:
        raise Refused("只有委托人本人可以提前终止代行", acting=by, kind="delegation", number=delegation.pk)
    with transaction.atomic():
        if Delegation.objects.filter(pk=delegation.pk, ended_at__isnull=True).update(ended_at=at):
            record("end_delegation", by=by, at=at, kind="delegation", number=delegation.pk)


def open_hand_over(held: PositionHeld, successor: Person, *, by: Acting, at: datetime) -> HandOver:
    """交接: the holder of a position opens the check-list with the one who takes over. Raises Refused, NotPossible."""
    if held.person_id != by.person_id:
        raise Refused("只有岗位的担任者本人可以发起交接", acting=by, kind="person", number=held.person_id)
    if successor.pk == by.person_id:
        raise NotPossible("接手人不能是本人")
    with transaction.atomic():
        over = HandOver.objects.create(
            position_held=held, successor=successor, items=dict.fromkeys(HAND_OVER_ITEMS, False), opened_at=at
        )
        record(
            "hand_over_post",
            by=by,
            at=at,
            kind="hand_over",
            number=over.pk,
            content={"step": "open", "to": successor.pk},
        )
    return over


def confirm_hand_over(over: HandOver, done: list[str], *, by: Acting, at: datetime) -> None:
    """Both sides confirm: the one who leaves ticks the list, the one who takes over then agrees to it. Raises Refused, NotPossible."""
    with transaction.atomic():
        over = HandOver.objects.select_for_update().select_related("position_held").get(pk=over.pk)
        if by.person_id == over.position_held.person_id and over.given_at is None:
            over.items = {item: item in done for item in over.items}
            if missing := [item for item, is_done in over.items.items() if not is_done]:
                raise NotPossible(f"还有未完成的事项：{'、'.join(missing)}")
            over.given_at, step = at, "given"
        elif by.person_id == over.successor_id and over.given_at is not None and over.taken_at is None:
            over.taken_at, step = at, "taken"
        else:
            raise Refused("交接由移交人先确认，再由接手人确认，各一次", acting=by, kind="hand_over", number=over.pk)
        over.save()
        record("hand_over_post", by=by, at=at, kind="hand_over", number=over.pk, content={"step": step})
        if step == "given":
            follow_giving(over, at)
