"""公告: how an announcement begins, is said again, and ends; what it does to the account, and what it puts back.

「因工作原因需变更、关停、注销的政务新媒体……向社会公告，公告时间不少于15个工作日」
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from xinmei.core.deadlines import announcement_earliest
from xinmei.core.filings import filing_path
from xinmei.files.keeping import keep
from xinmei.pages.uploads import Upload
from xinmei.people.doors import day_of
from xinmei.registry.filings.judging import value_of, what_changes
from xinmei.registry.filings.models import Announcement, Filing
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on

ITEMS = {
    "name": "账号名称",
    "unit": "主办单位",
    "kind": "类型",
    "verification": "认证信息",
    "handle": "平台账号",
    "url": "链接",
}


def begin(filing: Filing, on: date, given: Mapping[str, Any], at: datetime) -> None:
    """Announces the filing from a day on; what was announced before ends."""
    account = filing.account
    assert account is not None
    allowed_from = _set_days(filing, on, at)
    _end_texts(filing, at)
    file: Upload | None = given.get("file")
    Announcement.objects.create(
        filing=filing,
        unit=filing.unit,
        account=account,
        text=write_text(filing, on),
        on=on,
        allowed_from=allowed_from,
        url=given.get("url", ""),
        file=keep(file.data, at) if file else None,
        file_name=file.name if file else "",
        at=at,
    )
    if filing.matter != Filing.Matter.CHANGE and not given.get("brought_along"):
        _mark_account(filing, account, on)


def bring_along(filing: Filing, at: datetime) -> None:
    """「An account that is `closing` with `announced_on` when its SHUT_DOWN is submitted brings that day along」."""
    account = filing.account
    if filing.matter != Filing.Matter.SHUT_DOWN or filing.announced_on or filing.announcement_ended:
        return
    if account is not None and account.status == Account.Status.CLOSING and account.announced_on:
        filing.brought_along = True
        begin(filing, account.announced_on, {"brought_along": True}, at)


def end(filing: Filing, at: datetime) -> None:
    """Ends the announcement before its matter was carried out: 「puts back what stood before, where it still is as the
    act set it」.
    """
    if filing.announced_on is None:
        return
    account = filing.account
    if filing.before is not None and account is not None:
        if account.announced_on == filing.announced_on:
            day = filing.before["announced_on"]
            account.announced_on = date.fromisoformat(day) if day else None
        if account.status == Account.Status.CLOSING:
            account.status = filing.before["status"]
        account.save(update_fields=["announced_on", "status"])
    filing.announced_on = filing.allowed_from = filing.before = None
    filing.brought_along, filing.announcement_ended, filing.provisional = False, True, False
    _end_texts(filing, at)


def _set_days(filing: Filing, on: date, at: datetime) -> date:
    due = announcement_earliest(on, readings_on(day_of(at)))
    allowed_from = due.due_at.date()
    filing.announced_on, filing.allowed_from, filing.provisional = on, allowed_from, due.provisional
    return allowed_from


def is_provisional(filing: Filing) -> bool:
    """Whether the days of the announcement that stands are provisional; False where none does."""
    on = filing.announced_on
    return on is not None and announcement_earliest(on, readings_on(on)).provisional


def _mark_account(filing: Filing, account: Account, on: date) -> None:
    """「Of SHUT_DOWN and DEREGISTER also the account's `announced_on`, and its status `closing` unless closed」."""
    if filing.before is None:
        announced_on = account.announced_on
        filing.before = {"announced_on": announced_on and announced_on.isoformat(), "status": account.status}
    account.announced_on = on
    if account.status in Account.SERVING:
        account.status = Account.Status.CLOSING
    account.save(update_fields=["announced_on", "status"])


def _end_texts(filing: Filing, at: datetime) -> None:
    filing.announcements.filter(ended_on__isnull=True).update(ended_on=day_of(at))


def write_text(filing: Filing, on: date) -> str:
    """The text, from the template in force on the day."""
    account = filing.account
    assert account is not None
    changes = [
        f"{ITEMS[item]}由“{_say(account, item)}”变更为“{_say_new(filing, item, value)}”"
        for item, value in what_changes(filing).items()
    ]
    template = filing_path(on).announcements[filing.matter]
    return template.format(
        unit=filing.unit.name,
        account=account.name,
        platform=account.get_platform_display(),
        reason=filing.reason,
        changes="；".join(changes),
        successor=_say_successor(filing),
        on=f"{on.year}年{on.month}月{on.day}日",
    )


def _say(account: Account, item: str) -> str:
    return account.unit.name if item == "unit" else value_of(account, item)


def _say_new(filing: Filing, item: str, value: str) -> str:
    return filing.receiver.name if item == "unit" and filing.receiver else value


def _say_successor(filing: Filing) -> str:
    said: dict[str, str] = filing.successor or {}
    if code := said.get("account"):
        other = Account.objects.filter(code=code).first()
        return f"此后请关注“{other.name}”。" if other else ""
    return f"{said['text'].rstrip('。')}。" if said.get("text") else ""
