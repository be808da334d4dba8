"""What the accounts of a unit still owe this week, for whoever writes for them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.core.calendar import midnight
from xinmei.desk.planning import plans_of
from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.rights import AT_A_UNIT
from xinmei.registry.doors import accounts_seen_within
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import DAY

_NAMED = 3
_THURSDAY = 3


def at_desk(acting: Acting, now: datetime) -> Desk:
    """One line for all accounts of the unit. Two queries."""
    if acting.position not in AT_A_UNIT or not acting.judged or not may(acting, "write_draft"):
        return Desk()
    rows = accounts_seen_within(acting).filter(status__in=Account.SERVING, unit=acting.unit_id)
    lacking = [plan for plan in plans_of(list(rows.order_by("code")), now, with_drafts=False) if plan.due]
    if not lacking:
        return Desk()
    said = "；".join(
        f"{one.account.name}（{one.account.get_platform_display()}）还差{'、'.join(one.due)}"
        for one in lacking[:_NAMED]
    )
    more = f"等 {len(lacking)} 个账号" if len(lacking) > _NAMED else ""
    first = min(one.due_on for one in lacking)
    is_late = (first - lacking[0].today).days < 7 - _THURSDAY
    colour = "amber" if is_late else "blue"
    due_at = midnight(first + DAY)
    return Desk([Duty("这一周的发稿", said + more, reverse("calendar"), "看日历", due_at, colour=colour, order=60)])
