"""Where the closure of one account stands, and all its days: as the register, its filing and the rules have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xinmei.core.calendar import DAY, load_calendar
from xinmei.core.closing import Course, Plan, Stage, plan_backward, plan_forward
from xinmei.core.closing_rules import ClosingRule, Freeze, StageRule, closing_rule
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.registry.closing.doors import archives_visible_to
from xinmei.registry.closing.models import Archive
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.judging import is_announced
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import offices_of
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit

State = Filing.State
# Which stages lie behind a filing in each state; RETURNED has none but its announcement.
_BEHIND = {
    State.SUPERVISOR: ("submit",),
    State.REVIEW: ("submit", "support"),
    State.ANNOUNCE: ("submit", "support", "approve"),
    State.CITY: ("submit", "support", "approve"),
    State.CARRY_OUT: ("submit", "support", "approve", "file"),
    State.REGISTER: ("submit", "support", "approve", "file", "close"),
    State.DONE: ("submit", "support", "approve", "file", "close", "register"),
}


@dataclass(frozen=True)
class Line:
    """One stage on the page: what the rules say, the earliest day or the fact, and the latest day for the wish."""

    name: str
    rule: StageRule
    stage: Stage
    latest: date | None
    latest_provisional: bool

    @property
    def is_late(self) -> bool:
        """Whether the wish cannot be kept here."""
        return self.latest is not None and not self.stage.done and self.stage.on > self.latest


@dataclass(frozen=True)
class Square:
    """One day of the strip: how it is filled, and what happens on it."""

    place: int
    fill: str
    said: str
    is_now: bool


@dataclass(frozen=True)
class Navigation:
    """The whole closure of an account as of a day."""

    filing: Filing | None
    rule: ClosingRule
    freeze: Freeze
    today: date
    course: Course
    plan: Plan
    latest: Plan | None
    wish: date | None
    archives: Sequence[Archive] = ()

    @property
    def is_over(self) -> bool:
        """Whether the account is closed."""
        return self.plan.stages["close"].done

    @property
    def is_possible(self) -> bool:
        """Whether the wish can be kept, starting today."""
        return self.wish is None or self.plan.end <= self.wish

    @property
    def next_latest(self) -> Line | None:
        """The next thing to be done, with its latest day."""
        return next((one for one in self.lines if not one.stage.done and one.latest is not None), None)

    @property
    def close(self) -> Stage:
        """The day of closing: until then the duties hold."""
        return self.plan.stages["close"]

    @property
    def lines(self) -> list[Line]:
        """The stages in their order."""
        lines = []
        for name, stage in self.plan.stages.items():
            late = self.latest.stages.get(name) if self.latest is not None and self.is_possible else None
            shown = late.on if late is not None and not stage.done and name not in ("announced", "watch") else None
            lines.append(Line(name, self.rule.stages[name], stage, shown, bool(late and late.provisional)))
        return lines

    @property
    def squares(self) -> list[Square]:
        """The strip of days from today, or the first step, to the end."""
        steps: dict[date, list[str]] = {}
        for name, stage in self.plan.stages.items():
            steps.setdefault(stage.on, []).append(self.rule.stages[name].label)
        first, last = min(self.today, *steps), max(self.today, *steps)
        first = max(first, last - 150 * DAY)  # a strip of many years shows nothing
        return [self._square(first + DAY * n, n, steps) for n in range((last - first).days + 1)]

    def _square(self, day: date, place: int, steps: Mapping[date, list[str]]) -> Square:
        calendar, named = load_calendar(), steps.get(day)
        fill = "f-4" if named else "f-1" if self._is_counted(day) else "f-fill"
        if not calendar.is_working_day(day) and not named:
            fill = "f-none"
        said = f"{calendar.describe_day(day)}{'：' + '、'.join(named) if named else ''}"
        return Square(place, fill, said, day == self.today)

    def _is_counted(self, day: date) -> bool:
        stages = self.plan.stages
        return "announce" in stages and stages["announce"].on < day < stages["announced"].on


def closing_of(acting: Acting, account: Account) -> Filing | None:
    """The filing by which the account is closed or deregistered, the newest that was not given up. One query."""
    rows = filings_visible_to(acting).filter(account=account, matter__in=("SHUT_DOWN", "DEREGISTER"))
    given_up = (State.WITHDRAWN, State.REFUSED)
    return rows.exclude(state__in=given_up).select_related("unit", "supervisor", "reviewing_office", "incident").first()


def navigate(
    acting: Acting, account: Account, now: datetime, wish: date | None = None, office_days: int | None = None
) -> Navigation:
    """All days of the closure of this account, done or still to come."""
    today, filing = day_of(now), closing_of(acting, account)
    rule, readings = closing_rule(today), readings_on(today)
    freeze = rule.freeze_of(account.platform, account.followers)
    days = rule.office_days if office_days is None else office_days
    course, known = _course_of(account, filing, days, freeze, now), _known(account, filing)
    archives = list(archives_visible_to(acting).filter(account=account))
    if archives:
        known["archive"] = day_of(archives[0].made_at)
    plan = plan_forward(today, course, readings, known)
    latest = plan_backward(wish, course, readings, known) if wish is not None else None
    return Navigation(filing, rule, freeze, today, course, plan, latest, wish, archives)


def _course_of(account: Account, filing: Filing | None, days: int, freeze: Freeze, now: datetime) -> Course:
    announced = is_announced(filing, now) if filing is not None else True
    if filing is not None and filing.announced_on is not None:
        announced = True  # whatever it rests on now
    if filing is not None and filing.supervisor is not None and filing.reviewing_office is not None:
        supervisor, office = filing.supervisor, filing.reviewing_office
    else:
        supervisor, office = offices_of(account.unit)
    at_once = not announced and office.kind == Unit.Kind.CITY
    return Course(announced, supervisor != office, at_once, days, freeze.days)


def _known(account: Account, filing: Filing | None) -> dict[str, date]:
    """What was done, and when. Only what is certain; a stage without a day is planned."""
    found: dict[str, date | None] = {}
    if account.closed_on is not None and account.status not in Account.SERVING:
        found["close"] = account.closed_on
    if filing is None:
        if account.status == Account.Status.CLOSING:
            found["announce"] = account.announced_on
        return {name: day for name, day in found.items() if day is not None}
    submitted = day_of(filing.submitted_at) if filing.submitted_at else None
    supported = filing.steps.filter(verb="support").order_by("-id").values_list("at", flat=True).first()
    days = {
        "submit": submitted,
        "support": day_of(supported) if supported else submitted,
        "approve": filing.approved_on,
        "file": filing.filed_city_on,
        "close": filing.carried_out_on,
        "register": max(filter(None, (filing.national_on, filing.provincial_on)), default=None),
    }
    found |= {name: days[name] for name in _BEHIND.get(State(filing.state), ())}
    found |= {"consent": filing.consent_on, "announce": filing.announced_on}
    return {name: day for name, day in found.items() if day is not None}
