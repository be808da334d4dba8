"""What waits for whoever logs in. Each room says its own in a module `duties.py`:

- `at_desk(acting, now) -> Desk`: what waits for the person, what waits on others, what will lapse, what has changed.
- `next_steps(acting, now) -> list[NextStep]`: what is worth doing where nothing waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

MOST = 8  # single things of a kind that stand on a desk
_URGENCY = ("red", "amber", "blue")


@dataclass(frozen=True)
class Duty:
    """One thing to do: what, about what, the button, and by when with the steps that show why.

    `colour`: red, amber or blue. `order` decides between duties that are equally urgent.
    """

    title: str
    about: str
    address: str
    button: str
    due_at: datetime | None = None
    steps: tuple[str, ...] = ()
    colour: str = "blue"
    count: int = 1
    order: int = 0

    @property
    def counted(self) -> bool:
        """Whether its address is a list, of exactly so many rows."""
        return "waiting=" in self.address


@dataclass(frozen=True)
class Figure:
    """A number of things and the list of them."""

    title: str
    count: int
    address: str


@dataclass(frozen=True)
class Lapse:
    """A thing that will soon be overdue: what, of what kind, whose, its page, and since when the time runs."""

    title: str
    kind: str
    owner: str
    address: str
    since: datetime


@dataclass
class Desk:
    """The desk of one position, or what one room puts there."""

    duties: list[Duty] = field(default_factory=list)
    waiting: list[Figure] = field(default_factory=list)
    lapsing: list[Lapse] = field(default_factory=list)
    changes: list[Figure] = field(default_factory=list)

    def add(self, other: Desk) -> None:
        """Puts what another room brings beside what is there."""
        self.duties += other.duties
        self.waiting += other.waiting
        self.lapsing += other.lapsing
        self.changes += other.changes

    def sort(self) -> None:
        """The most urgent first."""
        self.duties.sort(key=_urgency)

    @property
    def first_due(self) -> datetime | None:
        """The most urgent moment."""
        return min((duty.due_at for duty in self.duties if duty.due_at), default=None)

    @property
    def total(self) -> int:
        """How many things wait."""
        return sum(duty.count for duty in self.duties)


def _urgency(duty: Duty) -> tuple[int, bool, float, int]:
    due = duty.due_at.timestamp() if duty.due_at else 0.0
    return _URGENCY.index(duty.colour), duty.due_at is None, due, duty.order


@dataclass(frozen=True)
class NextStep:
    """One thing worth doing: what, how it stands, and the button; `order` among those of all rooms."""

    title: str
    about: str
    address: str
    button: str
    order: int = 0
