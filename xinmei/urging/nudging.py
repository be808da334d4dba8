"""提醒 by a person: whoever answers for a unit reminds it of what is overdue or will lapse, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.core.rulebook import silence
from xinmei.notices.forwarding import receiver_of
from xinmei.notices.merging import tell_or_add
from xinmei.notices.models import Notice
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.people.models import Position
from xinmei.registry.models import Account
from xinmei.supervision.models import Finding
from xinmei.supervision.telling import say_due, say_finding, say_minute
from xinmei.urging.models import Nudge, WorkOrder

Audience = Notice.Audience


def send(given: Mapping[str, Any], by: Acting, at: datetime) -> Nudge:
    """Reminds the unit of one thing, once a day. What one person sends a unit in one go is one message."""
    nudge = _describe(given, at)
    nudge.note, nudge.by, nudge.name = given["note"], by.login, str(by)
    nudge.at, nudge.day = at, day_of(at)
    hold(f"nudge {nudge.unit_id}")
    same = {"order": nudge.order, "finding": nudge.finding, "account": nudge.account}
    before = Nudge.objects.filter(day=nudge.day, **{name: one for name, one in same.items() if one}).first()
    if before is not None:
        raise NotNow(f"{before.what}：{before.name}今天 {say_minute(before.at)} 已提醒，一件事一天只提醒一次")
    nudge.save()
    content = {"unit": nudge.unit_id, **{name: one.pk for name, one in same.items() if one}}
    record("nudge.send", by=by, at=at, kind="nudge", number=nudge.pk, content=content)
    _tell(nudge, by, at)
    return nudge


def _describe(given: Mapping[str, Any], at: datetime) -> Nudge:
    """The nudge about what is given. Raises NotNow where there is nothing to remind of any more."""
    order, finding, account = given.get("order"), given.get("finding"), given.get("account")
    if order is not None:
        if order.status != WorkOrder.Status.OPEN:
            raise NotNow(f"督办“{order.what}”现在是“{order.get_status_display()}”，不用再提醒")
        return Nudge(unit=order.unit, order=order, what=f"{say_due(order.due_at)}办理督办：{order.what}"[:300])
    if finding is not None:
        if finding.status != Finding.Status.NOTIFIED or finding.rectify_by is None:
            raise NotNow(f"问题 {finding.pk} 现在是“{finding.get_status_display()}”，只有待整改的可以提醒")
        what = f"{say_due(finding.rectify_by)}整改：{say_finding(finding)}"
        return Nudge(unit=finding.unit, finding=finding, what=what[:300])
    return _describe_silence(account, at)


def _describe_silence(account: Any, at: datetime) -> Nudge:
    """`account` comes with `last_update`."""
    named = f"{account.name}（{account.get_platform_display()}）"
    if account.status not in Account.SERVING or account.last_update is None:
        raise NotNow(f"{named}不在用，或系统没有看到过更新，不能提醒它将断更")
    due_at = account.last_update + silence(day_of(at))
    what = f"{say_due(due_at)}更新：{named}系统看到的最近更新是 {say_minute(account.last_update)}"
    return Nudge(unit=account.unit, account=account, what=what[:300])


def _tell(nudge: Nudge, by: Acting, at: datetime) -> None:
    """The editors of the unit, and its leader where it is not the leader who reminds."""
    receiver = receiver_of(nudge.unit, at)
    _tell_one(nudge, receiver.audience, receiver.unit.pk if receiver.unit else None, receiver.said, by, at)
    if receiver.instead_of is None and by.position != Position.LEADER:
        _tell_one(nudge, Audience.LEADERS, nudge.unit_id, "", by, at)


def _tell_one(nudge: Nudge, audience: str, unit: int | None, instead: str, by: Acting, at: datetime) -> None:
    who = f"{by}提醒"
    lines = [nudge.what, *([f"附言：{nudge.note}"] if nudge.note else []), *([f"{instead}。"] if instead else [])]
    notice = Notice(
        kind=Notice.Kind.REMINDER,
        key=f"nudge-{by.login}-{nudge.unit_id}-{nudge.pk}",
        audience=audience,
        unit_id=unit,
        about_id=nudge.unit_id,
        thing="findings_sent",
        title=f"{who}：{nudge.what}",
        text="\n".join(lines),
        address=address_of(nudge),
        things=[thing_of(nudge)],
    )
    tell_or_add(notice, who, at)


def thing_of(nudge: Nudge) -> list[str]:
    """What it reminds of, as (kind, number)."""
    if nudge.order is not None:
        return ["order", str(nudge.order.pk)]
    if nudge.finding is not None:
        return ["finding", str(nudge.finding.pk)]
    assert nudge.account is not None
    return ["account", nudge.account.code]


def address_of(nudge: Nudge) -> str:
    """The page of what it reminds of."""
    kind, number = thing_of(nudge)
    return f"/{kind}s/{number}/"


def say_sent(nudge: Nudge) -> str:
    """What the page says afterwards: to whom it went."""
    receiver = receiver_of(nudge.unit, nudge.at)
    return f"已提醒{receiver.name}：{nudge.what}。" + (f"{receiver.said}。" if receiver.said else "")
