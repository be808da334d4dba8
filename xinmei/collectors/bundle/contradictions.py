"""What cannot be true of one row together, judged on the row as it will stand after an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xinmei.collectors.bundle.columns import Time
from xinmei.collectors.bundle.tables import ACCOUNTS, MESSAGES, OBSERVATIONS, POSTS, Table

Found = tuple[str, str] | None


def _in_accounts(row: list[Any]) -> Found:
    opened_on, status, closed_on = (row[ACCOUNTS.places[name]] for name in ("opened_on", "status", "closed_on"))
    if status == "closed" and closed_on is None:
        return "closed_on", "状态是已关停（closed），却没有关停日期（closed_on）"
    if closed_on is not None and closed_on < opened_on:
        return "closed_on", f"关停日期 {closed_on} 早于开设日期 {opened_on}"
    return None


def _in_posts(row: list[Any]) -> Found:
    published_at, deleted_at = row[POSTS.places["published_at"]], row[POSTS.places["deleted_at"]]
    if deleted_at is not None and deleted_at < published_at:
        return "deleted_at", f"删除时间 {_show(deleted_at)} 早于发布时间 {_show(published_at)}"
    return None


def _in_messages(row: list[Any]) -> Found:
    received_at = row[MESSAGES.places["received_at"]]
    for code, replied_at, *_ in row[MESSAGES.places["replies"]]:
        if replied_at < received_at:
            return "replies", f"答复 {code} 的时间 {_show(replied_at)} 早于留言收到时间 {_show(received_at)}"
    return None


def _in_looks(row: list[Any]) -> Found:
    start, end = row[OBSERVATIONS.places["window_start"]], row[OBSERVATIONS.places["window_end"]]
    if end < start:
        return "window_end", f"观察的止 {_show(end)} 早于起 {_show(start)}"
    return None


def _show(moment: Any) -> str:
    return Time().to_text(moment)


_CHECKS: dict[str, Callable[[list[Any]], Found]] = {
    "accounts": _in_accounts,
    "posts": _in_posts,
    "messages": _in_messages,
    "observations": _in_looks,
}


def find_contradiction(table: Table, row: list[Any]) -> Found:
    """The column and the Chinese reason of a contradiction in a row (in the order of the table's columns), or None."""
    check = _CHECKS.get(table.name)
    return check(row) if check else None
