"""A changed reading is proposed by one person and approved by another: 「changed readings and releases by two persons」."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from xinmei.core.rulebook import readings
from xinmei.core.screening import mask
from xinmei.people.doors import Refused, check, day_of
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.registry.models import ReadingChange
from xinmei.registry.readings.queries import readings_on

KIND = "reading"
State = ReadingChange.State


class NotPossible(Exception):
    """The change cannot be proposed or decided so; its text is Chinese and says what was found and what is possible."""


def propose_reading(name: str, choice: str, starts_on: date, reason: str, *, by: Acting, at: datetime) -> ReadingChange:
    """Proposes that `name` be read as `choice` from `starts_on` on. `name` is a reading that has more than one choice.

    Raises NotPossible for a day gone by, without a reason, for what is in force already, and beside another one that waits; Refused.
    """
    check(by, "propose_reading", KIND, name)
    known = readings()[name]
    if choice not in known.choices:
        raise NotPossible(f"没有“{choice}”这种理解，可选：{'；'.join(known.choices.values())}")
    if not reason.strip():
        raise NotPossible("没有写理由；变更解释口径要写明依据，如会议纪要、上级答复的文号")
    if starts_on < day_of(at):
        raise NotPossible(f"起始日写的是 {starts_on}，最早可写今天 {day_of(at)}：已经按原口径做出的检查不改")
    if readings_on(starts_on)[name] == choice:
        raise NotPossible(f"{starts_on} 起本来就按“{known.choices[choice]}”，不用变更")
    with transaction.atomic():
        hold(f"reading {name}")
        if ReadingChange.objects.filter(name=name, state=State.WAITING).exists():
            raise NotPossible("这条口径已有一项变更待批准；先等它批准或退回")
        change = ReadingChange.objects.create(
            name=name,
            choice=choice,
            starts_on=starts_on,
            reason=reason.strip(),
            proposed_by=by.login,
            proposed_name=str(by),
            proposed_at=at,
        )
        content = {"change": change.pk, "choice": choice, "from": starts_on, "reason": mask(reason.strip())}
        record("propose_reading", by=by, at=at, kind=KIND, number=name, content=content)
    return change


def decide_reading(change: ReadingChange, *, approve: bool, why: str, by: Acting, at: datetime) -> None:
    """Another person approves, and the reading is in force from its day (from today where that has gone by), or sends it back with a reason.

    Raises NotPossible where it was decided already or is sent back without a reason; Refused for the proposer and for lack of right.
    """
    check(by, "change_reading", KIND, change.name)
    if change.proposed_by == by.login:
        raise Refused(
            "提出人不能批准自己提出的变更，应由另一位市检查负责人批准",
            acting=by,
            verb="change_reading",
            kind=KIND,
            number=change.name,
        )
    if not approve and not why.strip():
        raise NotPossible("退回要写明理由")
    with transaction.atomic():
        change = ReadingChange.objects.select_for_update().get(pk=change.pk)
        if change.state != State.WAITING:
            raise NotPossible(f"这项变更{change.get_state_display()}，不能再办")
        before = readings_on(day_of(at))[change.name]
        change.state = State.APPROVED if approve else State.REJECTED
        change.decided_by, change.decided_name, change.decided_at, change.decided_why = (
            by.login,
            str(by),
            at,
            why.strip(),
        )
        if approve:
            change.starts_on = max(change.starts_on, day_of(at))
        change.save()
        content = {
            "change": change.pk,
            "before": before,
            "after": change.choice if approve else before,
            "from": change.starts_on,
            "why": mask(why.strip()),
        }
        record(
            "change_reading" if approve else "reject_reading",
            by=by,
            at=at,
            kind=KIND,
            number=change.name,
            content=content,
        )
