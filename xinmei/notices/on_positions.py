"""Whoever is asked to stand in for somebody (代行), or to take over a position (交接), is told so at once."""

from __future__ import annotations

from datetime import datetime

from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.pages.texts import say_day
from xinmei.people.following import after_delegation, after_giving
from xinmei.people.models import Delegation, HandOver


@after_delegation
def ask_to_stand_in(delegation: Delegation, at: datetime) -> None:
    """Which position, from when to when, and where to choose it."""
    held, span = delegation.position_held, f"{say_day(delegation.starts_on)}至{say_day(delegation.ends_on)}"
    what = f"请您代行{held.unit}“{held.get_position_display()}”岗位"
    when = f"{span}，由{held.person}委托。登录后在右上角选择这个岗位办事。"
    tell([_to_person(f"delegation-{delegation.pk}", delegation.person_id, what, when, "/account/")], at=at)


@after_giving
def ask_to_take_over(over: HandOver, at: datetime) -> None:
    """The one who leaves has ticked the list; the one who takes over looks at it."""
    held = over.position_held
    what = f"请您接手{held.unit}“{held.get_position_display()}”岗位"
    how = f"{held.person}已确认移交，请核对清单后确认。"
    address = f"/staff/hand-overs/{over.pk}/"
    tell([_to_person(f"hand-over-{over.pk}", over.successor_id, what, how, address)], at=at)


def _to_person(key: str, person: int, title: str, text: str, address: str) -> Notice:
    return Notice(
        kind=Notice.Kind.STAND_IN,
        key=key,
        audience=Notice.Audience.PERSON,
        person_id=person,
        title=title,
        text=text,
        address=address,
    )
