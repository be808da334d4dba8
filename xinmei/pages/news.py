"""Bad news comes by itself: what stands above the desk of those who answer for others, and in their messages.

Each room says its own in a module `news.py`, found by its name:

- `news(acting, now) -> list[News]`: what stands above the desk of this position now.
- `cards(acting, things, now) -> list[Card]`: these things as they stand now, those that exist for this position.
  `things` are (kind, number), as a message keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinmei.pages.rooms import gather

MOST = 5  # cards of one kind that stand on a page; the count leads to all of them

Thing = tuple[str, str]


@dataclass(frozen=True)
class Card:
    """One thing that went wrong, or soon will: what, whose, what it costs, by when, and the acts that help.

    `kind` and `number` name the thing. `links` are (label, address). `mark` stands before the title in red. `act` can
    be done to several at once, by check boxes: the name of its declaration with the field that the thing fills
    (`order.issue:finding`), and the word on its button.
    """

    kind: str
    number: str
    title: str
    about: str
    address: str
    mark: str = ""
    cost: str = ""
    due_at: datetime | None = None
    due_word: str = ""
    links: tuple[tuple[str, str], ...] = ()
    note: str = ""
    act: tuple[str, str] | None = None

    def say(self) -> str:
        """The card as one line of a message."""
        mark = f"【{self.mark}】" if self.mark else ""
        return f"{mark}{self.about}：{self.title}" + (f"（{self.cost}）" if self.cost else "")


@dataclass(frozen=True)
class News:
    """Things of one kind: how many there are, the list of exactly these, and the nearest of them.

    `choosing` is a list with a check box set in each row: what can be done to more of them than stand here.
    """

    title: str
    count: int
    address: str
    cards: Sequence[Card]
    choosing: str = ""
    order: int = 0

    @property
    def act(self) -> tuple[str, str] | None:
        """What can be done to those that are chosen; None where there is nothing to choose."""
        return next((card.act for card in self.cards if card.act), None)

    @property
    def is_longer(self) -> bool:
        """Whether there are more than stand here."""
        return self.count > len(self.cards)


def news_of(acting: Any, now: datetime) -> list[News]:
    """What all rooms bring for this position, what matters most first."""
    found = [one for news in gather("news", "news") for one in news(acting, now)]
    return sorted(found, key=lambda one: one.order)


def cards_of(acting: Any, things: Sequence[Thing], now: datetime) -> list[Card]:
    """These things as they stand now, in the order in which they are named."""
    places = {(kind, number): place for place, (kind, number) in enumerate(things)}
    found = [card for cards in gather("news", "cards") for card in cards(acting, list(places), now)]
    return sorted(found, key=lambda card: places[card.kind, card.number])
