"""What waits of cases, and of counties without an account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.duties import Duty
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.registry.closing.doors import cases_visible_to
from xinmei.registry.closing.models import Case
from xinmei.registry.models import Account
from xinmei.units.models import Unit

NO_NAME, NO_DAY = Value("", output_field=CharField()), Cast(Value(None), DateField())


def units_without_account() -> QuerySet[Unit]:
    """「县区（功能区）人民政府（管委会）应当开设政务新媒体」: counties and zones that have none in service."""
    serving = Account.objects.filter(unit=OuterRef("pk"), status__in=Account.SERVING)
    return Unit.objects.filter(~Exists(serving), kind__in=(Unit.Kind.COUNTY, Unit.Kind.ZONE))


def waiting_to_close(acting: Acting) -> list[QuerySet[Any]]:
    """What waits, as rows of (what, day, name), to be asked for in one query with other things that wait.

    Open cases: of the unit that must end them, and of the inspectors who close them; counties without an account.
    """
    decides = may(acting, "decide_case")
    if not (decides or acting.position in (Position.EDITOR, Position.UNIT_ADMIN)):
        return []
    cases = cases_visible_to(acting).filter(state=Case.State.OPEN).order_by()
    found: list[QuerySet[Any]] = [cases.annotate(of=Value("case"), day=F("due_on"), called=NO_NAME)]
    if decides:
        lacking = units_without_account().order_by()
        found.append(lacking.annotate(of=Value("unit"), day=NO_DAY, called=F("name")))
    return [rows.values_list("of", "day", "called") for rows in found]


def closing_duties(rows: Iterable[tuple[str, date | None, str]], now: datetime) -> list[Duty]:
    """The same as things to do."""
    found = list(rows)
    cases = _cases([day for of, day, _ in found if of == "case" and day], now)
    return [*cases, *_without_account([name for of, _, name in found if of == "unit"])]


def _cases(days: list[date], now: datetime) -> list[Duty]:
    if not days:
        return []
    due_at = datetime.combine(min(days) + timedelta(days=1), time(), SHANGHAI)
    is_late = min(days) < day_of(now)
    about = "有的已经到期" if is_late else "未登记、僵尸、关停后又更新的账号，到期要有结果"
    address, colour = f"{reverse('cases')}?waiting=open", "red" if is_late else "amber"
    return [
        Duty(f"办结案件 {len(days)} 件", about, address, "去办理", due_at, colour=colour, count=len(days), order=56)
    ]


def _without_account(names: list[str]) -> list[Duty]:
    if not names:
        return []
    title, about = f"{len(names)} 个县区没有在用的账号", "、".join(names[:5])
    return [Duty(title, about, reverse("cleaning"), "去看", colour="amber", order=57)]
