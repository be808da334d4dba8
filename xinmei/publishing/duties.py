"""What waits of drafts, and what is worth doing before something is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, CharField, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.urls import reverse

from xinmei.pages.duties import Desk, Duty, NextStep
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting
from xinmei.people.rights import AT_A_UNIT
from xinmei.publishing.channels.duties import interfaces_to_renew, sendings_to_settle
from xinmei.publishing.channels.queries import to_renew, to_settle
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.drafts.queries import to_check, to_sign
from xinmei.publishing.functions.duties import functions_to_mend
from xinmei.publishing.functions.queries import to_mend
from xinmei.publishing.policies.queries import owed, policies_visible_to


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


# A union has columns of one type: no term, where there is none.
NO_TERM = Cast(Value(None), DateTimeField())


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For who checks, who signs, the editors, and who keeps the interfaces. One query, one more for each of what a
    machine could not finish, an interface to renew and a function to mend, where there is one.
    """
    mine = [one for one in _WAITS if acting.judged and may(acting, one.right)]
    waiting: dict[str, list[datetime | None]] = {}
    for word, due_at in _rows_waiting(acting, now, mine):
        waiting.setdefault(word, []).append(due_at)
    duties = functions_to_mend(acting, now) if "broken" in waiting else []
    duties += sendings_to_settle(acting) if "stuck" in waiting else []
    if "renew" in waiting:
        duties += interfaces_to_renew(acting, now)
    duties += [_of_drafts(one, waiting[one.word], now) for one in mine if one.word in waiting]
    return Desk(duties + _of_policies(len(waiting.get("owed", ()))))


def _rows_waiting(acting: Acting, now: datetime, mine: Sequence[_Waits]) -> list[tuple[str, datetime | None]]:
    """What waits, each with the word of what it is and its term."""
    asked: list[QuerySet[Any, tuple[str, datetime | None]]] = []
    if mine:
        word = Case(*[When(one.rows(acting), then=Value(one.word)) for one in mine], output_field=CharField())
        drafts = drafts_visible_to(acting).order_by().annotate(word=word, due=F("review_due_at"))
        asked.append(drafts.filter(word__isnull=False).values_list("word", "due"))
        asked.append(_only_told(to_settle(acting), "stuck"))
    elif acting.judged:
        asked.append(_only_told(to_renew(acting, now), "renew"))
    if acting.position in AT_A_UNIT and may(acting, "list_function"):
        asked.append(_only_told(to_mend(acting, now), "broken"))
    if acting.position in AT_A_UNIT and may(acting, "settle_explainer"):
        asked.append(_only_told(policies_visible_to(acting).filter(owed(day_of(now))), "owed"))
    return list(asked[0].union(*asked[1:], all=True)) if asked else []


def _only_told(rows: QuerySet[Any], word: str) -> QuerySet[Any, tuple[str, datetime | None]]:
    told = Value(word, output_field=CharField())
    return rows.order_by().annotate(word=told, due=NO_TERM).values_list("word", "due")


def _of_drafts(one: _Waits, terms: Sequence[datetime | None], now: datetime) -> Duty:
    """Drafts that wait for one right, with the first term."""
    title, address = f"{one.title} {len(terms)} 篇", f"{reverse('drafts')}?waiting={one.word}"
    due = min((term for term in terms if term), default=None)
    colour = "red" if due and due < now else "amber"
    return Duty(title, one.about, address, one.button, due, colour=colour, count=len(terms), order=15)


def _of_policies(count: int) -> list[Duty]:
    """Documents of the own unit that nobody was seen to explain.

    「对涉及面广、社会关注度高、实施难度大、专业性强的政策文件，要制作……解读产品」
    """
    if not count:
        return []
    about, address = "系统还没有看到解读；发了的请对上", f"{reverse('policies')}?waiting=owed"
    return [Duty(f"要解读的文件 {count} 份", about, address, "去解读", colour="amber", count=count, order=60)]


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the positions at a unit."""
    if acting.position not in AT_A_UNIT:
        return []
    return [NextStep("发布前查一遍稿件", "错别字、表述、个人信息", reverse("check_draft"), "检查稿件", order=20)]
