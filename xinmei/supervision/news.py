"""What leaders and supervisors must know: what was confirmed on their units, vetoes first, and which accounts are about
to lapse, the nearest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from xinmei.core.rulebook import silence
from xinmei.pages.news import MOST, Card, News, Thing
from xinmei.people.doors import day_of, may, reach_to_do, sees
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.people.reach import reaches
from xinmei.registry.models import Account
from xinmei.supervision import queries
from xinmei.supervision.costs import say_cost
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import Said, describe
from xinmei.supervision.models import Finding

Status = Finding.Status
ANSWER_FOR_OTHERS = (Position.LEADER, Position.SUPERVISOR)
OBJECTED_TO_IN = (Status.NOTIFIED, Status.RECTIFIED, Status.CONFIRMED, Status.CLOSED)
REMINDS_OF_FINDING, REMINDS_OF_ACCOUNT = ("nudge.send:finding", "提醒"), ("nudge.send:account", "提醒")


def news(acting: Acting, now: datetime) -> list[News]:
    """For the leader of a unit and for whoever supervises it. Six queries at most."""
    if acting.position not in ANSWER_FOR_OTHERS:
        return []
    return [one for one in (_of_findings(acting, now), _of_accounts(acting, now)) if one.count]


def cards(acting: Acting, things: Sequence[Thing], now: datetime) -> list[Card]:
    """The findings and accounts of a message as they stand now."""
    found = [int(number) for kind, number in things if kind == "finding"]
    codes = [number for kind, number in things if kind == "account"]
    made: list[Card] = []
    if found:
        rows = findings_visible_to(acting).exclude(status=Status.SUSPECTED).filter(pk__in=found)
        made += _cards_of(acting, _worst_first(rows))
    if codes:
        rows_of_accounts = queries.lapsing(acting, now).filter(code__in=codes)
        made += [_card_of_account(acting, one, now) for one in rows_of_accounts]
    return made


def _of_findings(acting: Acting, now: datetime) -> News:
    rows = queries.in_the_news(findings_visible_to(acting), now)
    listed = reverse("findings")
    shown = _cards_of(acting, _worst_first(rows)[:MOST])
    count = rows.count() if len(shown) == MOST else len(shown)
    return News(
        "确认了的问题", count, f"{listed}?waiting=news", shown, f"{listed}?waiting=notified&chosen=all", order=10
    )


def _of_accounts(acting: Acting, now: datetime) -> News:
    rows = queries.lapsing(acting, now)
    shown = [_card_of_account(acting, one, now) for one in rows[:MOST]]
    count = rows.count() if len(shown) == MOST else len(shown)
    address = f"{reverse('accounts')}?need=lapsing"
    return News("将断更的账号", count, address, shown, f"{address}&chosen=all", order=30)


def _worst_first(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Vetoes first, then what costs points; of each the nearest term first."""
    worst = rows.annotate(worst=queries.order_of_worst()).select_related("account", "unit")
    return worst.order_by("worst", F("rectify_by").asc(nulls_last=True), "-pk")


def _cards_of(acting: Acting, rows: QuerySet[Finding]) -> list[Card]:
    """Four queries, whatever their number."""
    found = list(rows)
    objected = set(
        Finding.objects.filter(queries.OBJECTED, pk__in=[one.pk for one in found]).values_list("pk", flat=True)
    )
    return [_card_of(acting, one, one.pk in objected) for one in describe(found, texts=sees(acting, "messages"))]


def _card_of(acting: Acting, said: Said, is_objected: bool) -> Card:
    finding = said.finding
    page = reverse("finding", args=[finding.pk])
    own = may(acting, "object") and reaches(acting, reach_to_do(acting, "object"), finding.unit_id)
    links = [("看", page)]
    if own and not is_objected and finding.status in OBJECTED_TO_IN:
        links.append(("申诉", f"{page}?do=object#act"))
    waits = finding.status == Status.NOTIFIED
    note = "申诉已提交，等待答复" if is_objected else "" if waits else str(finding.get_status_display())
    return Card(
        "finding",
        str(finding.pk),
        f"{said.title} {said.subject}".strip(),
        say_whose(finding.account, finding.unit.name),
        page,
        mark="单项否决" if said.is_veto else "",
        cost=say_cost(finding),
        due_at=finding.rectify_by if waits else None,
        due_word="整改期限",
        links=tuple(links),
        note=note,
        act=REMINDS_OF_FINDING if waits and may(acting, "remind") else None,
    )


def _card_of_account(acting: Acting, account: Any, now: datetime) -> Card:
    allowed = silence(day_of(now))
    page = account.get_absolute_url()
    return Card(
        "account",
        account.code,
        f"已有 {(now - account.last_update).days} 天没有更新",
        say_whose(account, account.unit.name),
        page,
        cost=f"满 {allowed.days} 天没有更新，附件1单项否决",
        due_at=account.last_update + allowed,
        due_word="须更新",
        links=(("看", page),),
        act=REMINDS_OF_ACCOUNT if may(acting, "remind") else None,
    )


def say_whose(account: Account | None, unit: str) -> str:
    """「桃源之声（微信） · 桃源镇」, or the unit alone."""
    return f"{account.name}（{account.get_platform_display()}） · {unit}" if account else unit
