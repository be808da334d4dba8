"""What waits of drafts, and what is worth doing before something is published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from xinmei.pages.duties import Desk, Duty, NextStep
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.rights import AT_A_UNIT
from xinmei.publishing.channels.duties import interfaces_to_renew, sendings_to_settle
from xinmei.publishing.channels.queries import to_renew, to_settle
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.drafts.queries import to_check, to_sign
from xinmei.publishing.functions.duties import count_to_mend, functions_to_mend


class _Waits(NamedTuple):
    """What waits for a right: which drafts, the word in the address, how the desk says it."""

    right: str
    rows: Callable[[Acting], Q]
    word: str
    title: str
    about: str
    button: str


_WAITS = (
    _Waits("check_draft", to_check, "tocheck", "等您审核的稿件", "通过的报分管领导审签", "去审核"),
    _Waits("sign_draft", to_sign, "tosign", "等您审签的稿件", "审签以后才能发布", "去审签"),
    _Waits("write_draft", lambda _: Q(state="RETURNED"), "returned", "退回修改的稿件", "按理由改好再送审", "去修改"),
    _Waits("write_draft", lambda _: Q(state="RELEASED"), "publish", "签发了等发布的稿件", "发布后登记链接", "去登记"),
)


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For who checks, who signs, who edits, who keeps the interfaces. One query, another for each that waits."""
    mine = [one for one in _WAITS if acting.judged and may(acting, one.right)]
    broken = count_to_mend(acting, now)
    if not mine:
        return Desk(_of_administrators(acting, now, broken))
    stuck = Exists(to_settle(acting).filter(draft=OuterRef("pk")))
    counts = drafts_visible_to(acting).aggregate(
        stuck=Count("pk", filter=stuck),
        broken=broken,
        **{one.word: Count("pk", filter=one.rows(acting)) for one in mine},
    )
    duties = functions_to_mend(acting, now) if counts["broken"] else []
    duties += sendings_to_settle(acting) if counts["stuck"] else []
    for one in mine:
        if count := counts[one.word]:
            title, address = f"{one.title} {count} 篇", f"{reverse('drafts')}?waiting={one.word}"
            duties.append(Duty(title, one.about, address, one.button, colour="amber", count=count, order=15))
    return Desk(duties)


def _of_administrators(acting: Acting, now: datetime, broken: Combinable) -> list[Duty]:
    """For the unit's administrator: interfaces that end, functions that do not work."""
    if not acting.judged or not may(acting, "connect_channel"):
        return []
    counts = to_renew(acting, now).aggregate(renew=Count("pk"), broken=broken)
    duties = functions_to_mend(acting, now) if counts["broken"] else []
    return duties + (interfaces_to_renew(acting, now) if counts["renew"] else [])


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the positions at a unit."""
    if acting.position not in AT_A_UNIT:
        return []
    return [NextStep("发布前查一遍稿件", "错别字、表述、个人信息", reverse("check_draft"), "检查稿件", order=20)]
