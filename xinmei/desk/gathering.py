"""What the rooms bring to the desk, put together."""

from __future__ import annotations

from datetime import datetime

from xinmei.pages.alarms import Alarm
from xinmei.pages.duties import Desk, NextStep
from xinmei.pages.rooms import gather
from xinmei.pages.search import MOST, Block, Suggestion
from xinmei.people.events import Acting


def desk_of(acting: Acting, now: datetime) -> Desk:
    """The desk of the position that acts. Who holds none finds it empty."""
    desk = Desk()
    for at_desk in gather("duties", "at_desk"):
        desk.add(at_desk(acting, now))
    desk.sort()
    return desk


def next_steps_of(acting: Acting, now: datetime) -> list[NextStep]:
    """What to do where nothing waits; nothing for whoever holds no position.

    「Empty: say why it is empty and the next step」
    """
    found = [step for next_steps in gather("duties", "next_steps") for step in next_steps(acting, now)]
    return sorted(found, key=lambda step: step.order)


def alarms_of(acting: Acting, now: datetime) -> list[Alarm]:
    """What is red for the position that acts."""
    found = [alarm for alarms in gather("alarms", "alarms") for alarm in alarms(acting, now)]
    return sorted(found, key=lambda alarm: alarm.order)


def search_for(acting: Acting, q: str, now: datetime, most: int = MOST) -> list[Block]:
    """What the rooms find, within reach, `most` of each kind; kinds of which nothing was found are left out."""
    found = [block for search in gather("search", "search") for block in search(acting, q, now, most)]
    return sorted((block for block in found if block.hits), key=lambda block: block.order)


def suggest_for(acting: Acting, q: str, kind: str, of: str) -> list[Suggestion]:
    """What the rooms suggest, within reach: of all kinds, or of one, perhaps of one account alone."""
    return [one for suggest in gather("search", "suggest") for one in suggest(acting, q, kind, of)]
