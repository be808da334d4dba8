"""Where filings stand: who has each, what comes next, by when; and which wait for the position that looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from xinmei.core.deadlines import announcement_earliest, registration_due
from xinmei.core.filings import filing_path
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.registry.filings.actions import what_is_wrong
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.judging import find_problems
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import stood_in_by
from xinmei.registry.filings.rising import rises_to
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit

State = Filing.State


def name_of(filing: Filing) -> str:
    """The matter, and the account that it is about."""
    name = filing.account.name if filing.account else (filing.profile or {}).get("name", "（未写名称）")
    return f"{filing.get_matter_display()}“{name}”"


@dataclass(frozen=True)
class Standing:
    """One line: who has it since when, what comes next; `by` is the term, until `not_before` it waits.

    `rises` is the office that sees it too once the term is over.
    """

    holder: str
    since: datetime
    next: str
    by: datetime | None = None
    not_before: date | None = None
    rises: str = ""


def standing_of(filing: Filing) -> Standing:
    """Where a filing stands now."""
    state = filing_path().states[filing.state]
    holders = {
        "unit": filing.unit.name,
        "supervisor": _office(filing.supervisor),
        "reviewing_office": _office(filing.reviewing_office),
        "city": "市政府办公室",
        "": "",
    }
    since, named, by = filing.waiting_since, holders[state.holder], filing.step_due_at
    above = rises_to(filing) if by is not None else None
    rises = "" if above is None else above[1].name if above[1] is not None else "市政府办公室"
    if filing.state == State.ANNOUNCE and filing.announced_on:
        return Standing("市政府办公室", since, "公告期满后市政府办公室备案", by, filing.allowed_from)
    if filing.state == State.ANNOUNCE:
        return Standing(named, since, "主办单位向社会公告，并在这里登记", by, None, rises)
    not_before = filing.filed_city_on if filing.state == State.CARRY_OUT else None
    return Standing(named, since, state.next, by, not_before, rises)


def _office(unit: Unit | None) -> str:
    if unit is None:
        return ""
    return "市政府办公室" if unit.kind == Unit.Kind.CITY else unit.name


def waiting_for(acting: Acting, now: datetime) -> QuerySet[Filing]:
    """The filings of which this position has the next step."""
    rows = filings_visible_to(acting)
    if acting.position == Position.EDITOR:
        return rows.filter(unit=acting.unit_id, state__in=(State.DRAFT, State.RETURNED))
    if acting.position == Position.UNIT_ADMIN:
        own = frozenset({acting.unit_id}) | stood_in_by(acting)
        steps = Q(state__in=(State.DRAFT, State.RETURNED, State.CARRY_OUT, State.REGISTER)) | Q(
            state=State.ANNOUNCE, announced_on=None
        )
        agreeing = (State.DRAFT, State.SUPERVISOR, State.REVIEW, State.RETURNED)
        return rows.filter(Q(unit__in=own) & steps | Q(receiver__in=own, agreed_by="", state__in=agreeing))
    if acting.position == Position.SUPERVISOR:
        here = Q(state=State.SUPERVISOR, supervisor=acting.unit_id)
        return rows.filter(here | Q(state=State.REVIEW, reviewing_office=acting.unit_id))
    if acting.position == Position.INSPECTOR_HEAD:
        city = Unit.Kind.CITY
        here = Q(state=State.CITY) | Q(state=State.ANNOUNCE, allowed_from__lte=day_of(now))
        here |= Q(state=State.SUPERVISOR, supervisor__kind=city) | Q(state=State.REVIEW, reviewing_office__kind=city)
        return rows.filter(here)
    return rows.none()


@dataclass(frozen=True)
class Term:
    """A term with the steps that show why."""

    title: str
    at: datetime
    provisional: bool
    steps: tuple[str, ...]
    # From then on, not until then.
    opens: bool = False


def terms_of(filing: Filing, now: datetime) -> list[Term]:
    """The terms that run; before the announcement, what it would come to if it were posted today."""
    readings, terms = readings_on(day_of(now)), []
    if filing.announced_on:
        due = announcement_earliest(filing.announced_on, readings)
        terms.append(Term("公告期满，可以办理", due.due_at, due.provisional, due.steps, opens=True))
    elif filing.state == State.ANNOUNCE:
        due = announcement_earliest(day_of(now), readings)
        terms.append(Term("如果今天公告，可以办理之日", due.due_at, due.provisional, due.steps, opens=True))
    if filing.filed_city_on:
        due = registration_due(filing.filed_city_on, readings)
        terms.append(Term("登录国家、省系统登记的期限", due.due_at, due.provisional, due.steps))
    return terms


@dataclass(frozen=True)
class Seen:
    """What submission would find: `stops` stops it; the others must be accepted when it is approved."""

    text: str
    quote: str
    stops: bool


def look_before(filing: Filing, now: datetime) -> list[Seen]:
    """What submission would find now, each with its clause. Of a filing that was submitted: the problems it has."""
    path = filing_path(day_of(now))
    if filing.state not in (State.DRAFT, State.RETURNED):
        return [Seen(path.problems[name].label, path.problems[name].quote, stops=False) for name in filing.problems]
    wrong = [Seen(one.allowed, "", stops=True) for one in what_is_wrong(filing, now)]
    if filing.matter == Filing.Matter.OPEN and filing.profile is None and not filing.is_late_opening:
        return wrong
    names = find_problems(filing, now)
    return wrong + [Seen(path.problems[name].label, path.problems[name].quote, stops=False) for name in names]
