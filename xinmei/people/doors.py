"""Who may see and do what. One function a question; the tables stand in `rights`.

- `resolve_acting(login, at, position=None, verb=None) -> Acting`: the command line's way in; raises Refused.
- `actings_of(person, at) -> list[Acting]`: every position that a person holds or stands in for at a moment, as somebody
  who can act.
- `may(acting, verb) -> bool`, `check(acting, verb, kind, number)`: the right as such; raises Refused. The object's
  reach is asked of its room.
- `reach_to_see(acting, thing)`, `reach_to_do(acting, verb)`: the letter; `xinmei.people.reach` turns a letter into
  rows.
- `events_visible_to(acting)`; people and positions held are seen by reach: `xinmei.people.staff.doors`.
- `one_of(rows, pk)`, `one_by_code(rows, code)`: one object out of the visible ones, or Http404.

A refusal for lack of right is an event. Since the act's transaction is rolled back by it, the edge (web: the
middleware; command line: `xinmei.commands.judged`) writes the event with `record_refusal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NoReturn, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.shortcuts import get_object_or_404

from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotYours
from xinmei.pages.texts import say_day
from xinmei.people.events import PUBLIC, SECURITY_VERBS, Acting, record
from xinmei.people.models import Delegation, Event, Person, Position, PositionHeld
from xinmei.people.rights import BY_SETTING_OF_SUPERVISORS, DO, POSITION_ORDER, SEE, VERB_LABELS
from xinmei.units.reach import CITY, NOTHING, SUBTREE

Row = TypeVar("Row", bound=Model)


class Refused(NotYours):
    """Somebody may not do this. Its text is Chinese: what was asked, why not, who may. The edge writes the event."""

    def __init__(
        self, text: str, *, acting: Acting = PUBLIC, verb: str = "", kind: str = "", number: object = ""
    ) -> None:
        super().__init__(text)
        self.acting, self.verb, self.kind, self.number = acting, verb, kind, str(number)


def record_refusal(refused: Refused, at: datetime) -> None:
    """Writes the event of a refusal, in a transaction of its own."""
    with transaction.atomic():
        content = {"verb": refused.verb, "why": str(refused)}
        record(
            "refuse",
            by=refused.acting,
            at=at,
            kind=refused.kind or "right",
            number=refused.number or refused.verb,
            content=content,
        )


def day_of(at: datetime) -> date:
    """The day in Shanghai: a position's last day ends at 24:00 there."""
    return at.astimezone(SHANGHAI).date()


def in_force(day: date | RawSQL, prefix: str = "") -> Q:
    """Rows with `starts_on` and `ends_on` that hold on `day`, both ends included."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def _holds_on(day: date, row: PositionHeld | Delegation) -> bool:
    """As `in_force`, of a row that has been read."""
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def _holdings_of(person: Person, day: date) -> list[tuple[PositionHeld, str]]:
    """The positions held on `day` in their order, then those stood in for, each with the name of the holding.

    Every request asks this. A person's rows are few, and the plainest queries that read them cost the least.
    """
    own = PositionHeld.objects.filter(person=person).select_related("unit").order_by()
    given = Delegation.objects.filter(person=person, ended_at__isnull=True).select_related("position_held__unit")
    stood_in = [one for one in given.order_by() if _holds_on(day, one) and _holds_on(day, one.position_held)]
    if len(stood_in) > 1:
        stood_in.sort(key=_place_of)
    holdings = [
        (held, f"post:{held.pk}")
        for held in sorted(
            (held for held in own if _holds_on(day, held)),
            key=lambda held: (POSITION_ORDER[held.position], held.unit.path, held.pk),
        )
    ]
    return holdings + [(delegation.position_held, f"delegation:{delegation.pk}") for delegation in stood_in]


def _place_of(delegation: Delegation) -> tuple[object, ...]:
    held = delegation.position_held
    return (held.person.login, held.unit.path, held.position, held.starts_on, delegation.starts_on, delegation.pk)


def actings_of(person: Person, at: datetime, address: str = "") -> list[Acting]:
    """The positions that `person` may act in at `at`: own ones first, then those stood in for (代).

    Where the list is empty, the person sees what the public sees. Two queries.
    """
    if not person.is_active:
        return []
    holdings = _holdings_of(person, day_of(at))
    # Inspectors judge from the city's own unit. Only another position there makes them part of a host (0110).
    held_at = frozenset(
        held.unit_id for held, _ in holdings if held.position not in {Position.INSPECTOR, Position.INSPECTOR_HEAD}
    )
    return [
        Acting(
            login=person.login,
            name=person.name,
            person_id=person.pk,
            position=held.position,
            unit_id=held.unit_id,
            unit_code=held.unit.code,
            unit_name=held.unit.name,
            address=address,
            held_at=held_at,
            holding=holding,
            day=day_of(at),
        )
        for held, holding in holdings
    ]


def without_position(person: Person, address: str = "") -> Acting:
    """A person who holds no position today: logged in, told so, and seeing what the public sees."""
    return Acting(login=person.login, name=person.name, person_id=person.pk, address=address)


def actings_by_login(login: str, at: datetime) -> list[Acting]:
    """The positions of a person on the command line: those held at `--at`.

    In a database without people any name is recorded as given. Raises Refused for an empty or unknown name, and for
    somebody who holds no position at `at`.
    """
    login = login.strip()
    if not login:
        raise Refused("办理人为空，应写登录名")
    person = Person.objects.filter(login=login).first()
    if person is None:
        if Person.objects.exists():
            raise Refused(f"没有登录名为“{login}”的人员，应写 people.csv 中的登录名", acting=Acting(login=login[:150]))
        return [Acting(login=login[:150], name=login, judged=False)]
    if actings := actings_of(person, at):
        return actings
    local = at.astimezone(SHANGHAI)
    raise Refused(
        f"{person.name}（{login}）在{say_day(local)} {local:%H:%M} 不担任任何岗位，不能办理",
        acting=without_position(person),
    )


def resolve_acting(login: str, at: datetime, *, position: str | None = None, verb: str | None = None) -> Acting:
    """The person `login` in a position held at `at`: in `position` where given, in one that permits `verb` where given.

    Raises Refused, with the reason, where no position fits. Which objects are in reach, their own room decides.
    """
    actings = actings_by_login(login, at)
    fitting = [acting for acting in actings if not acting.judged or position is None or acting.position == position]
    if not fitting:
        named = Position(position).label if position in Position.values else position
        raise Refused(
            f"{actings[0].name}（{login}）此时不担任“{named}”",
            acting=actings[0],
            verb=verb or "",
        )
    if verb is None:
        return fitting[0]
    allowed = next((acting for acting in fitting if may(acting, verb)), fitting[0])
    check(allowed, verb)
    return allowed


def reach_to_see(acting: Acting, thing: str) -> str:
    """The letter of the first table for `acting`.

    The public reaches nothing. The system, and everybody in a database without people, reaches the city.
    """
    if not acting.judged:
        return CITY
    if thing in BY_SETTING_OF_SUPERVISORS and acting.position == Position.SUPERVISOR and settings.SUPERVISORS_CONFIRM:
        return SUBTREE
    return SEE[thing].get(acting.position, NOTHING)


def reach_to_do(acting: Acting, verb: str) -> str:
    """The letter of the second table for `acting`."""
    if not acting.judged:
        return CITY
    if verb in BY_SETTING_OF_SUPERVISORS and acting.position == Position.SUPERVISOR and settings.SUPERVISORS_CONFIRM:
        return SUBTREE
    return DO[verb].get(acting.position, NOTHING)


def may(acting: Acting, verb: str) -> bool:
    """Whether the position that acts has the right at all. Whether the object is in reach is asked apart."""
    return reach_to_do(acting, verb) != NOTHING


def sees(acting: Acting, thing: str) -> bool:
    """Whether the position that acts sees anything of this kind."""
    return reach_to_see(acting, thing) != NOTHING


def name_positions(positions: Iterable[str]) -> str:
    """Positions by their Chinese names, for sentences."""
    return "、".join(Position(position).label for position in positions)


def check(acting: Acting, verb: str, kind: str = "", number: object = "") -> None:
    """Raises Refused where the position that acts lacks the right."""
    if not may(acting, verb):
        _refuse(acting, verb, kind, number)


def _refuse(acting: Acting, verb: str, kind: str = "", number: object = "") -> NoReturn:
    who = (
        f"{acting.name or acting.login}（{Position(acting.position).label}）"
        if acting.position
        else acting.name or acting.login or "未登录者"
    )
    raise Refused(
        f"{who}无权{VERB_LABELS[verb]}；可办理的岗位：{name_positions(DO[verb])}",
        acting=acting,
        verb=verb,
        kind=kind,
        number=number,
    )


def one_of(rows: QuerySet[Row], pk: object) -> Row:
    """The row with that number among the visible `rows`. Raises Http404 where there is none."""
    text = str(pk)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404
    return get_object_or_404(rows, pk=int(text))


def one_by_code(rows: QuerySet[Row], code: str) -> Row:
    """The row with that code among the visible `rows`. Raises Http404 where there is none."""
    if "\0" in code or any("\ud800" <= letter <= "\udfff" for letter in code):
        raise Http404
    return get_object_or_404(rows, code=code)


def events_visible_to(acting: Acting) -> QuerySet[Event]:
    """One's own acts. The audit administrator sees all, the security administrator log-ins, locks and rights.

    The content of an event is shown only to whoever did it.
    """
    if not acting.judged or acting.position == Position.AUDIT_ADMIN:
        return Event.objects.all()
    if acting.position == Position.SECURITY_ADMIN:
        return Event.objects.filter(Q(actor=acting.login) | Q(verb__in=SECURITY_VERBS))
    return Event.objects.filter(actor=acting.login) if acting.login else Event.objects.none()
