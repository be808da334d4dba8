"""What waits of the functions: one that does not work is mended, announced, or taken off the list."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Func, IntegerField, Subquery
from django.db.models.expressions import Combinable
from django.urls import reverse

from xinmei.pages.duties import MOST, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.publishing.functions.queries import to_mend

TODO = "请修好，系统再看到能用就消去；要停几天的先向公众公告，再登记停用公告；不再提供的停用"


def count_to_mend(acting: Acting, now: datetime) -> Combinable:
    """How many, as a part of another count: the desk asks few questions."""
    if acting.unit_id is None or not acting.judged or not may(acting, "list_function"):
        return Count("pk") * 0
    number = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Count("pk") * 0 + Subquery(to_mend(acting, now).order_by().annotate(number=number).values("number"))


def functions_to_mend(acting: Acting, now: datetime) -> list[Duty]:
    """Those of one's own unit, each by itself, where `count_to_mend` says that there are any. One query."""
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
