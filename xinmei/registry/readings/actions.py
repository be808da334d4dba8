"""A changed reading is proposed by one person and approved by another: 「changed readings and releases by two persons」."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow, NotSo, NotYours, Wrong
from xinmei.core.rulebook import readings
from xinmei.core.screening import mask
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.registry.models import ReadingChange
from xinmei.registry.readings.queries import readings_on

KIND = "reading"
State = ReadingChange.State


def propose_reading(given: Mapping[str, Any], by: Acting, at: datetime) -> ReadingChange:
    """Proposes that `name` be read as `choice` from `starts_on` on.

    Raises NotSo for a day gone by and for what is in force already, NotNow beside another change that waits.
    """
    name, choice, starts_on, reason = (given[key] for key in ("name", "choice", "starts_on", "reason"))
    if starts_on < day_of(at):
        earliest = f"起始日写的是 {starts_on}，最早可写今天 {day_of(at)}：已经按原口径做出的检查不改"
        raise NotSo(errors=(Wrong("starts_on", earliest, starts_on.isoformat()),))
    if readings_on(starts_on)[name] == choice:
        already = f"{starts_on} 起本来就按“{readings()[name].choices[choice]}”，不用变更"
        raise NotSo(errors=(Wrong("choice", already, choice),))
    hold(f"reading {name}")
    if ReadingChange.objects.filter(name=name, state=State.WAITING).exists():
        raise NotNow("这条口径已有一项变更待批准；先等它批准或退回")
    change = ReadingChange.objects.create(
        name=name,
        choice=choice,
        starts_on=starts_on,
        reason=reason,
        proposed_by=by.login,
        proposed_name=str(by),
        proposed_at=at,
    )
    content = {"change": change.pk, "choice": choice, "from": starts_on, "reason": mask(reason)}
    record("propose_reading", by=by, at=at, kind=KIND, number=name, content=content)
    return change


def proposed_it(acting: Acting, change: ReadingChange, right: str = "") -> str:
    """「changed readings … by two persons」"""
    return "您是提出人，应由另一位市检查负责人批准" if change.proposed_by == acting.login else ""


def decide_reading(change: ReadingChange, given: Mapping[str, Any], by: Acting, at: datetime) -> ReadingChange:
    """Another person approves, and the reading is in force from its day (from today where that has gone by), or sends it back with a reason."""
    if barred := proposed_it(
        by, change
    ):  # where there are no people nobody is judged, but one name does not stand for two
        raise NotYours(barred)
    approve, why = given["approve"], given["why"]
    before = readings_on(day_of(at))[change.name]
    change.state = State.APPROVED if approve else State.REJECTED
    change.decided_by, change.decided_name, change.decided_at, change.decided_why = by.login, str(by), at, why
    if approve:
        change.starts_on = max(change.starts_on, day_of(at))
    change.save()
    content = {
        "change": change.pk,
        "before": before,
        "after": change.choice if approve else before,
        "from": change.starts_on,
        "why": mask(why),
    }
    name = "change_reading" if approve else "reject_reading"
    record(name, by=by, at=at, kind=KIND, number=change.name, content=content)
    return change
