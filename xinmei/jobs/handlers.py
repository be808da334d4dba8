"""What a room registers: a handler for each kind of job, and the rule by which it comes due by itself, if it does.

    @handler("inspection", title="全覆盖检查", right="inspect", long=True)
    def inspect_all(run: Run) -> str:
        ...
        run.progress(120, 400, "检查账号")
        return "在用账号 400 个，新发现问题 12 个。"

A handler may run again after a crash, so it must end in the same state when repeated. It returns one Chinese sentence
about the result. It raises `JobFailed` where another try is of no use; after any other error it is tried again, later
each time.

A large job returns `Parts` instead. They are done one by one, on any machine, by the handler of their own kind. When
the last has ended, the job runs once more, with `run.parts` to put together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import SYSTEM, Acting


class JobFailed(Exception):
    """The job cannot be done, and another try is of no use.

    The text says in Chinese what was found, what is allowed and what to do.
    """


class LeaseLost(Exception):
    """The job is no longer this worker's: it was stopped, or another took it over after the lease ended."""


@dataclass(frozen=True)
class Part:
    """A part that has been done: what it was asked and what came of it."""

    kind: str
    arguments: dict[str, Any]
    result: dict[str, Any]


@dataclass(frozen=True)
class Parts:
    """The parts of a large job: their kind and the arguments of each. `sentence` says to people what they do.

    Parts must end in the same state whoever does them, in whatever order, and however often.
    """

    kind: str
    arguments: Sequence[dict[str, Any]]
    sentence: str


@dataclass
class Run:
    """One job while it runs: its arguments, the clock at its start, who asked for it (the system: by its rules).

    `result` is kept with the job; the job's page shows it beside the sentence. `address` and `address_title` in it make
    a button. `read_clock` is the worker's: a long job notes when it ends. `parts`: those that were done for it, in
    their order; empty at its first run.
    """

    arguments: dict[str, Any]
    now: datetime
    due_at: datetime
    number: int = 0
    by: Acting = SYSTEM
    result: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    sentence: str = ""
    stopped: bool = False
    read_clock: Callable[[], datetime] | None = None
    parts: Sequence[Part] = ()

    def clock(self) -> datetime:
        """The time now; where nobody gave a clock, the time of the start."""
        return self.read_clock() if self.read_clock else self.now

    def progress(self, done: int, total: int, sentence: str = "") -> None:
        """Notes how far the work is. Costs nothing: the worker writes it about once a second.

        Raises LeaseLost where the work must stop.
        """
        if self.stopped:
            raise LeaseLost
        self.done, self.total, self.sentence = done, total, sentence or self.sentence


Work = Callable[[Run], "str | Parts"]
W = TypeVar("W", bound=Work)
# Midnight of a Monday: rules count their steps from here.
MONDAY = datetime(2024, 1, 1, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Every:
    """A rule: due at `anchor` and every `step` after it (Asia/Shanghai knows no summer time, so steps never drift).

    `makes_up`: how many missed periods are done late; earlier ones are dropped. `needed(now)`: whether there is
    anything to do; without it a job is made each period. `says`: the rule in Chinese.
    """

    step: timedelta
    anchor: datetime
    says: str
    makes_up: int = 1
    needed: Callable[[datetime], bool] | None = None

    def due_between(self, since: datetime, now: datetime) -> list[datetime]:
        """The last `makes_up` moments in (since, now], earliest first."""
        last = self.anchor + (now - self.anchor) // self.step * self.step
        moments = [last - place * self.step for place in reversed(range(self.makes_up))]
        return [moment for moment in moments if since < moment <= now]

    def next_after(self, now: datetime) -> datetime:
        """The first moment after `now`."""
        return self.anchor + ((now - self.anchor) // self.step + 1) * self.step


@dataclass(frozen=True)
class Handler:
    """A kind of job.

    `right`: the verb of `people.rights` that a person needs to start it, checked again when it runs ("": only the
    system starts it). `long`: may take minutes, so it never blocks the short ones. `template`: draws `job.result` on
    the job's page. `alone`: one at a time; the next waits until the one before has ended. `at_home`: works with files
    of the machine that schedules, so no other machine takes it.
    """

    kind: str
    title: str
    work: Work
    right: str = ""
    long: bool = False
    tries: int = 4
    every: Every | None = None
    template: str = ""
    alone: bool = False
    at_home: bool = False


def weekly(says: str, *, hour: int, makes_up: int = 1, needed: Callable[[datetime], bool] | None = None) -> Every:
    """Once a week, on Monday."""
    return Every(timedelta(weeks=1), MONDAY + timedelta(hours=hour), says, makes_up, needed)


def daily(says: str, *, hour: int, minute: int = 0, needed: Callable[[datetime], bool] | None = None) -> Every:
    """Once a day."""
    return Every(timedelta(days=1), MONDAY + timedelta(hours=hour, minutes=minute), says, needed=needed)


def hourly(says: str, *, minute: int = 0, needed: Callable[[datetime], bool] | None = None) -> Every:
    """Once an hour."""
    return Every(timedelta(hours=1), MONDAY + timedelta(minutes=minute), says, needed=needed)


HANDLERS: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    title: str,
    right: str = "",
    long: bool = False,
    tries: int = 4,
    every: Every | None = None,
    template: str = "",
    alone: bool = False,
    at_home: bool = False,
) -> Callable[[W], W]:
    """Registers the function as the handler of `kind`."""

    def register(work: W) -> W:
        HANDLERS[kind] = Handler(kind, title, work, right, long, tries, every, template, alone, at_home)
        return work

    return register


def kinds(*, long: bool, home: bool = True) -> list[str]:
    """The kinds of the long, or of the short jobs; `home`: whether those that belong to one machine are among them."""
    return [one.kind for one in HANDLERS.values() if one.long is long and (home or not one.at_home)]


def title_of(kind: str) -> str:
    """A kind of job in Chinese; what no room of this version knows any more is called so."""
    return HANDLERS[kind].title if kind in HANDLERS else "已停用的任务"
