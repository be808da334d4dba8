"""What a step may take, who is reminded on its last day, and which office sees it once that is over.

The system reminds and shows; it decides nothing. Whoever has the filing still has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from xinmei.core.calendar import SHANGHAI, DayOutOfRange, load_calendar
from xinmei.core.filings import filing_path
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.pages.texts import write_moment, write_term
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.locks import hold
from xinmei.people.models import Position
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.telling import audience_of, write_notice
from xinmei.units.models import Unit

State, CITY = Filing.State, Unit.Kind.CITY
DAY = timedelta(days=1)
RELATED = ("unit", "account", "receiver", "supervisor", "reviewing_office")
_OF_UNIT = (State.ANNOUNCE, State.CARRY_OUT, State.REGISTER)


def step_due_at(filing: Filing) -> datetime | None:
    """Until when the step should be done: the term of registration, or the working days that the rules give it.

    While the announcement runs, the days of the city begin when it has ended.
    """
    if filing.state in (State.CARRY_OUT, State.REGISTER):
        return filing.register_by
    path, begins = filing_path(day_of(filing.waiting_since)), day_of(filing.waiting_since)
    days = path.states[filing.state].days
    if filing.state == State.ANNOUNCE and filing.allowed_from is not None:
        begins, days = filing.allowed_from, path.states[State.CITY].days
    if not days:
        return None
    try:
        last = load_calendar().working_days_after(begins, days)
    except DayOutOfRange:
        return None
    return datetime.combine(last + DAY, time(), SHANGHAI)


def rises_to(filing: Filing) -> tuple[str, Unit | None] | None:
    """The people who see it once the step is late, and their office (None: the city's): others than those who have it.

    The rules name them in `rises`; where they have it already, it is the city. None where nobody is above.
    """
    named = filing_path(day_of(filing.waiting_since)).states[filing.state].rises
    if not named or is_with_the_city(filing) or filing.reviewing_office is None:
        return None
    has_it = filing.supervisor if filing.state == State.SUPERVISOR else None
    office = filing.supervisor if named == "supervisor" else filing.reviewing_office
    if named == "city" or office is None or office == has_it or office.kind == CITY:
        return Notice.Audience.HEADS, None
    return Notice.Audience.SUPERVISORS, office


def is_with_the_city(filing: Filing) -> bool:
    """Whether the city office has it: nobody is above."""
    office = {State.SUPERVISOR: filing.supervisor, State.REVIEW: filing.reviewing_office}.get(State(filing.state))
    is_announced = filing.state == State.ANNOUNCE and filing.announced_on is not None
    return filing.state == State.CITY or is_announced or (office is not None and office.kind == CITY)


def risen_to(acting: Acting, now: datetime) -> QuerySet[Filing]:
    """The late filings that have risen to the office of this position: `rises_to`, as a question to the database."""
    late = filings_visible_to(acting).filter(step_due_at__lt=now)
    if acting.position == Position.SUPERVISOR:
        here = Q(state=State.SUPERVISOR, reviewing_office=acting.unit_id) & ~Q(supervisor=acting.unit_id)
        return late.filter(here | _unit_is_late() & Q(supervisor=acting.unit_id))
    if acting.position == Position.INSPECTOR_HEAD:
        here = Q(state=State.REVIEW) & ~Q(reviewing_office__kind=CITY)
        here |= Q(state=State.SUPERVISOR, reviewing_office__kind=CITY) & ~Q(supervisor__kind=CITY)
        return late.filter(here | _unit_is_late() & Q(supervisor__kind=CITY))
    return late.none()


def _unit_is_late() -> Q:
    return Q(state__in=_OF_UNIT) & ~Q(state=State.ANNOUNCE, announced_on__isnull=False)


@dataclass(frozen=True)
class Tally:
    """What one run told, in filings."""

    reminded: int
    risen: int


def remind_and_raise(now: datetime) -> Tally:
    """Reminds whoever has a filing on the last day of its step, and tells both of one whose step is late.

    Each is told once, however often and by however many this runs. The term of registration is in the unit's merged
    reminder already, so that it is not said twice.
    """
    _fill_in()
    waiting = Filing.objects.filter(step_due_at__lte=now + DAY, state__in=filing_path(day_of(now)).under_way())
    with transaction.atomic():
        hold("filings risen")
        rows = list(waiting.select_related(*RELATED).order_by("pk"))
        late = [one for one in rows if one.step_due_at is not None and one.step_due_at < now]
        soon = [one for one in rows if one not in late and one.state not in (State.CARRY_OUT, State.REGISTER)]
        notices = [_remind(one) for one in soon] + [notice for one in late for notice in _raise(one)]
        told = {notice.key for notice in tell(notices, at=now)}
    return Tally(sum(_key(one, "soon") in told for one in soon), sum(_key(one, "late") in told for one in late))


def _fill_in() -> None:
    """Filings that were under way before steps had a term."""
    for one in Filing.objects.filter(step_due_at__isnull=True, state__in=filing_path().under_way()):
        if (due_at := step_due_at(one)) is not None:
            Filing.objects.filter(pk=one.pk, state=one.state).update(step_due_at=due_at)


def _key(filing: Filing, what: str) -> str:
    assert filing.step_due_at is not None
    return f"filing-{filing.pk}-{filing.state}-{filing.step_due_at.timestamp():.0f}-{what}"


def _remind(filing: Filing) -> Notice:
    assert filing.step_due_at is not None
    audience, unit = audience_of(filing)
    what = f"这一步 {write_term(filing.step_due_at)} 到期"
    return write_notice(filing, audience, unit, what, "", _key(filing, "soon"))


def _raise(filing: Filing) -> list[Notice]:
    """To whoever has it, and to the office above, where there is one: who has it since when."""
    assert filing.step_due_at is not None
    told = dict.fromkeys(filter(None, (audience_of(filing), rises_to(filing))))
    since, due = write_moment(filing.waiting_since), write_term(filing.step_due_at)
    text = f"“{filing.get_state_display()}”自 {since} 起，期限 {due}，还没有办。"
    key = _key(filing, "late")
    return [write_notice(filing, *to, "这一步已经逾期", text, key) for to in told]
