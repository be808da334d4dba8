"""What of custody stands on a desk: an account that is offered, a certification that runs out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.duties import MOST, Duty
from xinmei.pages.texts import write_day
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.registry.custody.models import Custody
from xinmei.registry.custody.queries import SOON, standing


def waiting_custodies(acting: Acting, now: datetime) -> QuerySet[Custody]:
    """What concerns whom an account is offered to, the holder, and the unit's administrator."""
    if acting.person_id is None:
        return Custody.objects.none()
    soon = Q(certified_until__lte=day_of(now) + SOON)
    mine = Q(holder=acting.person_id)
    if acting.position == Position.UNIT_ADMIN:
        mine |= Q(unit=acting.unit_id)
    wanted = (soon & mine) | Q(offered_to=acting.person_id)
    return standing().filter(wanted)


def custody_duties(acting: Acting, now: datetime) -> list[Duty]:
    """The same as things to do. One query."""
    rows = waiting_custodies(acting, now).select_related("account").order_by("certified_until", "pk")[: 2 * MOST]
    return [duty for one in rows for duty in _duties_of(one, acting, now)]


def _duties_of(custody: Custody, acting: Acting, now: datetime) -> list[Duty]:
    account, today = custody.account, day_of(now)
    address = f"{account.get_absolute_url()}#custody"
    duties = []
    if custody.offered_to_id == acting.person_id:
        duties.append(Duty(f"接手账号：{account.name}", f"{custody.offered_by}提出", address, "去接手", order=55))
    until = custody.certified_until
    is_theirs = custody.holder_id == acting.person_id or acting.position == Position.UNIT_ADMIN
    if is_theirs and until is not None and until <= today + SOON:
        due_at = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
        colour = "red" if until < today else "amber"
        title = f"认证{'已经到期' if until < today else '快到期'}：{account.name}"
        duties.append(
            Duty(title, f"到 {write_day(until, now)} 为止", address, "去看", due_at=due_at, colour=colour, order=56)
        )
    return duties
