"""Which accounts are still to be looked at this half day: 「每个工作日上、下午分别主动查看公众咨询留言情况」."""

from __future__ import annotations

from datetime import datetime

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.interaction.models import Patrol
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.models import Account

SERVING = (Account.Status.ACTIVE, Account.Status.CLOSING, Account.Status.UNFILED)


def half_of(moment: datetime) -> Patrol.Half:
    """Forenoon up to 12:00 in Shanghai, then afternoon."""
    return Patrol.Half.AM if moment.astimezone(SHANGHAI).hour < 12 else Patrol.Half.PM


def own_accounts(acting: Acting) -> list[Account]:
    """The accounts in service whose messages the person looks after. One query."""
    if not may(acting, "answer") or acting.unit_id is None:
        return []
    return list(Account.objects.filter(unit=acting.unit_id, status__in=SERVING).order_by("platform", "name"))


def accounts_to_patrol(acting: Acting, now: datetime) -> list[Account]:
    """Of these the ones that nobody registered a look at this half day; none on a day that is no working day. Two queries."""
    day = now.astimezone(SHANGHAI).date()
    if not load_calendar().is_working_day(day) or not (own := own_accounts(acting)):
        return []
    done = set(Patrol.objects.filter(account__in=own, day=day, half=half_of(now)).values_list("account", flat=True))
    return [account for account in own if account.pk not in done]
