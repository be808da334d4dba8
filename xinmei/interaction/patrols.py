"""Which accounts are still to be looked at this half day: 「每个工作日上、下午分别主动查看公众咨询留言情况」."""

from __future__ import annotations

from datetime import datetime

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.interaction.models import Patrol
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.models import Account

# 「分别主动查看公众咨询留言情况」, and what a person at the account sees besides.
LOOKS = {
    "messages": "新的咨询、投诉已看",
    "answers": "要答复的已答复或已转办",
    "comments": "待放出的评论已审看",
    "page": "账号能打开、名称和认证没有变",
    "functions": "菜单、链接和服务功能可用",
}


def half_of(moment: datetime) -> Patrol.Half:
    """Forenoon up to 12:00 in Shanghai, then afternoon."""
    return Patrol.Half.AM if moment.astimezone(SHANGHAI).hour < 12 else Patrol.Half.PM


def own_accounts(acting: Acting) -> list[Account]:
    """The accounts in service whose messages the person looks after. One query."""
    if not may(acting, "answer") or (acting.judged and acting.unit_id is None):
        return []
    serving = Account.objects.filter(status__in=Account.SERVING).order_by("platform", "name")
    return list(serving.filter(unit=acting.unit_id) if acting.judged else serving)


def accounts_to_patrol(acting: Acting, now: datetime) -> list[Account]:
    """Of these the ones that nobody looked at this half day; none on a day that is no working day. Two queries."""
    day = now.astimezone(SHANGHAI).date()
    return without_look(own_accounts(acting), now) if load_calendar().is_working_day(day) else []


def without_look(own: list[Account], now: datetime) -> list[Account]:
    """Of these accounts the ones that nobody registered a look at this half day. One query, none without accounts."""
    if not own:
        return []
    day = now.astimezone(SHANGHAI).date()
    done = set(Patrol.objects.filter(account__in=own, day=day, half=half_of(now)).values_list("account", flat=True))
    return [account for account in own if account.pk not in done]
