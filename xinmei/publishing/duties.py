"""What waits of drafts, and what is worth doing before something is published."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse

from xinmei.pages.duties import Desk, Duty, NextStep
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.rights import AT_A_UNIT
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.drafts.queries import to_check, to_sign
from xinmei.publishing.models import Draft

# right, what waits, the word in the address, title, about what, button
_WAITS = (
    ("check_draft", to_check, "tocheck", "等您审核的稿件", "送审后由您审核，通过的报分管领导审签", "去审核"),
    ("sign_draft", to_sign, "tosign", "等您审签的稿件", "审签以后才能发布", "去审签"),
    (
        "write_draft",
        lambda _: Q(state=Draft.State.RETURNED),
        "returned",
        "退回修改的稿件",
        "按退回的理由改好再送审",
        "去修改",
    ),
    (
        "write_draft",
        lambda _: Q(state=Draft.State.RELEASED),
        "publish",
        "签发了等发布的稿件",
        "发布后把链接登记回来",
        "去登记",
    ),
)


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For who checks, who signs, and the editors. One query."""
    mine = [(waits(acting), *said) for right, waits, *said in _WAITS if acting.judged and may(acting, right)]
    if not mine:
        return Desk()
    asked = {f"{word}_count": Count("pk", filter=waits) for waits, word, *_ in mine}
    asked |= {f"{word}_since": Min("waiting_since", filter=waits) for waits, word, *_ in mine}
    counts = drafts_visible_to(acting).aggregate(**asked)
    duties = []
    for _, word, title, about, button in mine:
        if count := counts[f"{word}_count"]:
            address = f"{reverse('drafts')}?waiting={word}"
            duties.append(Duty(f"{title} {count} 篇", about, address, button, colour="amber", count=count, order=15))
    return Desk(duties)


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the positions at a unit."""
    if acting.position not in AT_A_UNIT:
        return []
    return [NextStep("发布前查一遍稿件", "错别字、表述、个人信息", reverse("check_draft"), "检查稿件", order=20)]
