"""All days of a whole closure: forward from a day, and backward from the day on which it shall be over.

The stages and the freezes of the platforms are in `rules/filings/closing.<day>.yaml`. A stage that was done keeps its
day; the others come one after the other. Offices and units work on working days. The account is closed on the day on
which that is asked of the platform; a freeze runs after it in plain days, and only then is all over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from xinmei.core.calendar import DAY, load_calendar
from xinmei.core.closing_rules import STAGES
from xinmei.core.deadlines import announcement_earliest, registration_due

# Further back than any closure takes: 60 days of freeze, 15 working days, two offices.
_FURTHEST = 2000


@dataclass(frozen=True)
class Course:
    """What kind of closure it is.

    `announced`: the matter is announced. `supported`: the supervisor's office is not the reviewing office. `at_once`:
    nothing is announced and the reviewing office is the city's, so that approval is filing. `frozen`: days.
    """

    announced: bool = True
    supported: bool = True
    at_once: bool = False
    office_days: int = 1
    frozen: int = 0

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that it goes through, in their order."""
        left_out = {"announce", "announced", "consent"} if not self.announced else set()
        left_out |= {"support"} if not self.supported else set()
        left_out |= {"frozen"} if not self.frozen else set()
        return tuple(one for one in STAGES if one not in left_out)


@dataclass(frozen=True)
class Stage:
    """A stage on its day. `done`: that is a fact. `provisional`: it hangs on holidays that are not announced yet."""

    name: str
    on: date
    done: bool = False
    provisional: bool = False
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The stages of a closure with their days."""

    stages: Mapping[str, Stage] = field(default_factory=dict)

    @property
    def first(self) -> Stage:
        """The first stage that is not done; the last one where all are."""
        return next((one for one in self.stages.values() if not one.done), list(self.stages.values())[-1])

    @property
    def end(self) -> date:
        """When the account is gone: it was closed, and no freeze runs any more."""
        return max(self.stages[name].on for name in ("close", "frozen") if name in self.stages)

    @property
    def provisional(self) -> bool:
        """Whether the end may still move."""
        return any(self.stages[name].provisional for name in ("close", "frozen") if name in self.stages)


# ── forward ──


def plan_forward(
    start: date, course: Course, readings: Mapping[str, str], known: Mapping[str, date] | None = None
) -> Plan:
    """The earliest days: what is not done yet is done from `start` on. `known`: what was done, and when."""
    return _Forward(start, course, readings, known or {}).plan()


class _Forward:
    def __init__(self, start: date, course: Course, readings: Mapping[str, str], known: Mapping[str, date]) -> None:
        self.start, self.course, self.readings, self.known = start, course, readings, known
        self.stages: dict[str, Stage] = {}
        self.reached = start  # nothing that is still to be done comes before

    def plan(self) -> Plan:
        for name in self.course.stages:
            if name in self.known:
                self.stages[name] = Stage(name, self.known[name], done=True)
                self.reached = max(self.reached, self.known[name])
            else:
                self.stages[name] = getattr(self, f"_{name}", self._at_once)(name)
        return Plan(self.stages)

    def _on(self, name: str, day: date, *, provisional: bool | None = None, steps: tuple[str, ...] = ()) -> Stage:
        hangs = load_calendar().depends_on_gap(self.start, day) if provisional is None else provisional
        self.reached = max(self.reached, day)
        return Stage(name, day, provisional=hangs, steps=steps)

    def _at_once(self, name: str) -> Stage:
        """On the first working day from there on."""
        return self._on(name, working_day_from(self.reached))

    def _after_an_office(self, name: str) -> Stage:
        first = working_day_from(self.reached)
        return self._on(name, load_calendar().working_days_after(first, self.course.office_days))

    _support = _approve = _after_an_office

    def _announced(self, name: str) -> Stage:
        """「公告时间不少于15个工作日」."""
        announced = self.stages["announce"]
        due = announcement_earliest(announced.on, self.readings)
        hangs = due.provisional or announced.provisional
        return self._on(name, due.due_at.date(), provisional=hangs, steps=due.steps)

    def _file(self, name: str) -> Stage:
        """With the end of the announcement; where nothing is announced the city's office takes its days too."""
        if self.course.announced or self.course.at_once:
            return self._at_once(name)
        return self._after_an_office(name)

    def _archive(self, name: str) -> Stage:
        """While one waits for the announcement; at the latest on the day of closing."""
        day = max(self.start, self.stages["announce"].on) if "announce" in self.stages else self.reached
        day = working_day_from(day)
        day = max(self.start, min(self.known.get("close", day), day))
        return Stage(name, day, provisional=load_calendar().depends_on_gap(self.start, day))

    def _frozen(self, name: str) -> Stage:
        closed = self.stages["close"]
        return self._on(name, closed.on + self.course.frozen * DAY, provisional=closed.provisional)

    def _register(self, name: str) -> Stage:
        """「于3个工作日内登录国家、省政务新媒体系统登记备案」: the last day in time."""
        filed = self.stages["file"]
        due = registration_due(filed.on, self.readings)
        last = (due.due_at - timedelta(days=1)).date()
        return Stage(name, last, provisional=due.provisional or filed.provisional, steps=due.steps)

    def _watch(self, name: str) -> Stage:
        closed = self.stages["close"]
        return Stage(name, closed.on + DAY, provisional=closed.provisional)


def working_day_from(day: date) -> date:
    """The day, or the next one that is worked."""
    calendar = load_calendar()
    return day if calendar.is_working_day(day) else calendar.working_days_after(day, 1)


def working_day_until(day: date) -> date:
    """The day, or the last one before it that is worked."""
    while not load_calendar().is_working_day(day):
        day -= DAY
    return day


# ── backward ──


def plan_backward(
    wish: date, course: Course, readings: Mapping[str, str], known: Mapping[str, date] | None = None
) -> Plan | None:
    """The latest days on which each stage still lets the account be gone by `wish`.

    None where what was done already rules that out, whatever the day.
    """
    known = known or {}
    stages, names = {}, course.stages
    for place, name in enumerate(names):
        if name in known:
            stages[name] = Stage(name, known[name], done=True)
        elif name not in ("announced", "archive", "frozen", "register", "watch"):
            day = _latest(wish, course, readings, known, done=names[: place + 1])
            if day is None:
                return None
            stages[name] = Stage(name, day)
    last = stages["close"]
    plan = plan_forward(last.on, course, readings, {name: one.on for name, one in stages.items()})
    return Plan({name: _held_back(name, stages, plan, last) for name in names})


def _latest(
    wish: date, course: Course, readings: Mapping[str, str], known: Mapping[str, date], done: tuple[str, ...]
) -> date | None:
    """The last working day on which the last stage of `done` still lets all be over by `wish`.

    A later start never ends earlier, so that halving finds it.
    """

    def ends(day: date) -> date:
        before = {name: known.get(name, day) for name in done if name != "announced"}
        if "announced" in done and "announce" not in known:
            before["announced"] = day  # the term was kept: the stage before it saw to that
        return plan_forward(day, course, readings, {**known, **before}).end

    low, high = wish - _FURTHEST * DAY, wish
    if ends(low) > wish:
        return None
    while low < high:
        middle = low + ((high - low).days + 1) // 2 * DAY
        low, high = (middle, high) if ends(middle) <= wish else (low, middle - DAY)
    return working_day_until(low)


def _held_back(name: str, stages: Mapping[str, Stage], plan: Plan, last: Stage) -> Stage:
    """One stage of the latest days; what follows of itself from the others comes from the plan."""
    if name in stages:
        one = stages[name]
        return one if one.done else replace(one, provisional=load_calendar().depends_on_gap(one.on, last.on))
    if name == "archive":
        return Stage(name, last.on, provisional=last.provisional)
    return plan.stages[name]
