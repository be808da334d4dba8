"""代行与交接: positions stood in for, and handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotSo, Wrong
from xinmei.people.doors import in_force
from xinmei.people.events import Acting, record
from xinmei.people.following import follow_delegation, follow_giving
from xinmei.people.models import Delegation, HandOver, PositionHeld
from xinmei.people.rights import ADMINISTRATORS

HAND_OVER_ITEMS = (
    "账号口令与管理员权限已移交",
    "未办结的问题、留言和稿件已说明",
    "联系人和联系电话已更新",
    "值守安排已交接",
    "资料与账号登记册已移交",
)


def delegate_position(held: PositionHeld, given: Mapping[str, Any], by: Acting, at: datetime) -> Delegation:
    """代: the holder lets somebody of the same unit stand in, from–to. It cannot be passed on. Raises NotSo."""
    person, starts_on, ends_on = given["person"], given["starts_on"], given["ends_on"]
    if held.starts_on > starts_on or (held.ends_on is not None and held.ends_on < ends_on):
        span = f"{held.starts_on} 至 {held.ends_on or '今后'}"
        raise NotSo(errors=(Wrong("starts_on", f"代行期间应在本人任职期间之内（{span}）", str(starts_on)),))
    of_the_unit = PositionHeld.objects.filter(
        in_force(starts_on), in_force(ends_on), person=person, unit_id=held.unit_id
    )
    if not of_the_unit.exclude(position__in=ADMINISTRATORS).exists():
        raise NotSo(errors=(Wrong("person", f"代行人应是本单位在此期间的在岗人员，{person}不是", person.login),))
    delegation = Delegation.objects.create(
        position_held=held, person=person, starts_on=starts_on, ends_on=ends_on, given_at=at
    )
    change = {"post": held.position, "unit": held.unit_id, "to": person.pk, "from": starts_on, "until": ends_on}
    record("delegate_post", by=by, at=at, kind="delegation", number=delegation.pk, content=change)
    follow_delegation(delegation, at)
    return delegation


def recall_delegation(delegation: Delegation, given: Mapping[str, Any], by: Acting, at: datetime) -> Delegation:
    """The holder is back before the last day."""
    delegation.ended_at = at
    delegation.save(update_fields=["ended_at"])
    record("end_delegation", by=by, at=at, kind="delegation", number=delegation.pk)
    return delegation


def offer_hand_over(held: PositionHeld, given: Mapping[str, Any], by: Acting, at: datetime) -> HandOver:
    """交接: the holder of a position opens the check-list with the one who takes over."""
    successor = given["person"]
    over = HandOver.objects.create(
        position_held=held, successor=successor, items=dict.fromkeys(HAND_OVER_ITEMS, False), opened_at=at
    )
    return _note(over, by, at, step="open", to=successor.pk)


def give_over(over: HandOver, given: Mapping[str, Any], by: Acting, at: datetime) -> HandOver:
    """The one who leaves has done everything on the list; the one who takes over is told so."""
    over.items = {item: item in given["done"] for item in over.items}
    over.given_at = at
    over.save(update_fields=["items", "given_at"])
    _note(over, by, at, step="given")
    follow_giving(over, at)
    return over


def accept_hand_over(over: HandOver, given: Mapping[str, Any], by: Acting, at: datetime) -> HandOver:
    """The one who takes over agrees to the list."""
    over.taken_at = at
    over.save(update_fields=["taken_at"])
    return _note(over, by, at, step="taken")


def _note(over: HandOver, by: Acting, at: datetime, **content: object) -> HandOver:
    record("hand_over_post", by=by, at=at, kind="hand_over", number=over.pk, content=content)
    return over
