"""What waits of cases, and of counties without an account."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
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


def units_without_account() -> QuerySet[Unit]:
    """「县区（功能区）人民政府（管委会）应当开设政务新媒体」: counties and zones that have none in service."""
    serving = Account.objects.filter(unit=OuterRef("pk"), status__in=Account.SERVING)
    return Unit.objects.filter(~Exists(serving), kind__in=(Unit.Kind.COUNTY, Unit.Kind.ZONE))


def closing_duties(acting: Acting, now: datetime) -> list[Duty]:
    """Open cases: of the unit that must end them, and of the inspectors who close them; counties without an account.

    At most two queries besides those of the reach.
    """
    duties = []
    if may(acting, "decide_case") or acting.position in (Position.EDITOR, Position.UNIT_ADMIN):
        duties += _cases(acting, now)
    if may(acting, "decide_case"):
        duties += _without_account()
    return duties


def _cases(acting: Acting, now: datetime) -> list[Duty]:
    waiting = cases_visible_to(acting).filter(state=Case.State.OPEN).aggregate(count=Count("pk"), first=Min("due_on"))
    if not waiting["count"]:
        return []
    due_at = datetime.combine(waiting["first"] + timedelta(days=1), time(), SHANGHAI)
    is_late = waiting["first"] < day_of(now)
    about = "有的已经到期" if is_late else "未登记、僵尸、关停后又更新的账号，到期要有结果"
    title, address = f"办结案件 {waiting['count']} 件", f"{reverse('cases')}?waiting=open"
    colour = "red" if is_late else "amber"
    return [Duty(title, about, address, "去办理", due_at, colour=colour, count=waiting["count"], order=56)]


def _without_account() -> list[Duty]:
    names = list(units_without_account().values_list("name", flat=True))
    if not names:
        return []
    title, about = f"{len(names)} 个县区没有在用的账号", "、".join(names[:5])
    return [Duty(title, about, reverse("cleaning"), "去看", colour="amber", order=57)]
