"""What waits of the way out: a sending that a machine cannot finish, an interface that ends."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.duties import MOST, Duty
from xinmei.people.events import Acting
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.queries import to_renew, to_settle


def sendings_to_settle(acting: Acting) -> list[Duty]:
    """For the editors, each by itself. One query, none for others."""
    rows = to_settle(acting).select_related("account", "draft__current").order_by("since")[:MOST]
    return [
        Duty(
            f"没有发出去：{one.draft}",
            f"{one.account.name}：{one.said}",
            reverse("draft", args=[one.draft_id]),
            "去处理",
            colour="red",
            order=10,
        )
        for one in rows
    ]


def interfaces_to_renew(acting: Acting, now: datetime) -> list[Duty]:
    """For the unit's administrator. One query, none for others."""
    if not acting.judged:
        return []
    duties = []
    for one in to_renew(acting, now).order_by("pk")[:MOST]:
        is_broken = one.state == Channel.State.BROKEN
        about = f"{one.said}。{one.todo}" if is_broken else "到期后稿件发不到这个账号，请先重新授权"
        title = f"{'平台接口不能用' if is_broken else '平台授权快到期'}：{one.account.name}"
        colour = "red" if is_broken else "amber"
        duties.append(Duty(title, about, reverse("channels"), "去登记", due_at=one.until, colour=colour, order=20))
    return duties
