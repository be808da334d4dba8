"""每日情况: on working mornings leaders and supervisors get what stands above their desk as one message.

It goes only where something is new since the last one (减负), and carries the same cards.
"""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.db import transaction

from xinmei.core.reminders import is_open
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.pages.news import news_of
from xinmei.people.doors import day_of, in_force
from xinmei.people.events import Acting
from xinmei.people.locks import hold
from xinmei.people.models import Position, PositionHeld
from xinmei.supervision.telling import say_list

AUDIENCE = {
    Position.LEADER.value: Notice.Audience.LEADERS,
    Position.SUPERVISOR.value: Notice.Audience.SUPERVISORS,
}


def brief(now: datetime) -> int:
    """Tells each unit that has a leader or a supervisor what is new there; returns how many were told. Safe to run at
    any time, and twice at once: there is one message a day and audience.
    """
    if not is_open(now, time.fromisoformat(settings.REMIND_AT)):
        return 0
    held = PositionHeld.objects.filter(in_force(day_of(now)), position__in=list(AUDIENCE), person__is_active=True)
    told = set(Notice.objects.filter(kind=Notice.Kind.BRIEF, key=_key(now)).values_list("unit", "audience"))
    readers = set(held.values_list("unit", "unit__name", "position").order_by())
    left = [one for one in sorted(readers) if (one[0], AUDIENCE[one[2]]) not in told]
    return sum(_tell(unit, name, position, now) for unit, name, position in left)


def _key(now: datetime) -> str:
    return f"{day_of(now):%Y-%m-%d}"


def _tell(unit: int, name: str, position: str, now: datetime) -> bool:
    """Whether there was something new to tell. One transaction a unit."""
    reader = Acting(login="", position=position, unit_id=unit, unit_name=name)
    found = news_of(reader, now)
    things = [[card.kind, card.number] for news in found for card in news.cards]
    audience = AUDIENCE[position]
    with transaction.atomic():
        hold(f"brief {unit} {audience}")
        earlier = Notice.objects.filter(kind=Notice.Kind.BRIEF, unit=unit, audience=audience).order_by("-pk")
        before = earlier.values_list("things", flat=True).first() or []
        if all(one in before for one in things):
            return False
        lines = [f"{news.title} {news.count} 件\n{say_list([card.say() for card in news.cards])}" for news in found]
        counts = "，".join(f"{news.title} {news.count} 件" for news in found)
        notice = Notice(
            kind=Notice.Kind.BRIEF,
            key=_key(now),
            audience=audience,
            unit_id=unit,
            about_id=unit,
            thing="findings_sent",
            title=f"{name}：{counts}",
            text="\n".join(lines),
            address="/",
            things=things,
        )
        return bool(tell([notice], at=now))
