"""What waits of the functions: one that does not work is mended, announced, or taken off the list."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.duties import MOST, Duty
from xinmei.people.events import Acting
from xinmei.publishing.functions.queries import to_mend

TODO = "请修好，系统再看到能用就消去；要停几天的先向公众公告，再登记停用公告；不再提供的停用"


def functions_to_mend(acting: Acting, now: datetime) -> list[Duty]:
    """Those of one's own unit, each by itself, where there are any. One query."""
    return [
        Duty(
            f"功能打不开：{one.name}",
            f"{one.account.name}：{one.reason}。{TODO}",
            f"{reverse('functions')}?outcome=fails&now=on",
            "去处理",
            colour="red",
            order=12,
        )
        for one in to_mend(acting, now).select_related("account")[:MOST]
    ]
