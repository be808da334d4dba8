"""Comments under what was published on 公众号: read, let through, answered, deleted. Facts: docs/decisions/0560.

A comment carries one answer. Whoever answers looks at the comment before, and before anything is sent again
(`collectors/platforms/errands.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.tokens import ask_wechat

# 「获取数目（>=50 会被拒绝）」
PAGE, PAGES = 49, 40
_KEPT = ("user_comment_id", "create_time", "content", "comment_type", "reply")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment under an article, and what was answered when; None: nothing yet. `evidence` is what the platform
    gave, without who wrote it.
    """

    number: int
    at: datetime
    text: str
    is_shown: bool
    answer: str | None
    answered_at: datetime | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Comments:
    """What a list showed. `why` says why it is not all; without a right to see them it is not "none"."""

    found: tuple[Comment, ...]
    why: str = ""


def read_comments(channel: Channel, message: str, clock: Clock) -> Comments:
    """All comments under the article of that message. What could not be read is said, never taken for nothing."""
    found: dict[int, Comment] = {}
    try:
        for total, read in _pages(channel, message, clock):
            if total is None or None in read:
                return Comments(tuple(found.values()), "平台给的留言残缺")
            found |= {one.number: one for one in read if one is not None}
            if len(found) >= total:
                return Comments(tuple(found.values()))
            if not read:
                return Comments(tuple(found.values()), f"平台说有 {total} 条留言，只给了 {len(found)} 条")
    except Fault as fault:
        return Comments(tuple(found.values()), fault.said)
    return Comments(tuple(found.values()), "留言太多，没有看到底")


def find_comment(channel: Channel, message: str, number: int, clock: Clock) -> Comment | None:
    """That comment as it stands now; None where the list, read to its end, has it not. Raises Fault where it could
    not be seen.
    """
    seen: set[int] = set()
    for total, read in _pages(channel, message, clock):
        if comment := next((one for one in read if one is not None and one.number == number), None):
            return comment
        seen |= {one.number for one in read if one is not None}
        if total is not None and len(seen) >= total:
            return None
        if total is None or None in read or not read:
            break
    raise Fault(Means.RETRY, "平台没有把留言给全，看不到这一条", "系统过一会儿再看")


def _pages(channel: Channel, message: str, clock: Clock) -> Iterator[tuple[int | None, list[Comment | None]]]:
    """Each page of the list with the count that the platform says; None for what cannot be read."""
    for page in range(PAGES):
        asked = {"msg_data_id": int(message), "index": 0, "begin": page * PAGE, "count": PAGE, "type": 0}
        answer = ask_wechat(channel, "comment/list", clock, json=asked)
        rows, total = answer.get("comment"), answer.get("total")
        read = [_read(row) for row in rows] if isinstance(rows, list) else [None]
        yield total if isinstance(total, int) else None, read


def answer_comment(channel: Channel, message: str, number: int, text: str, clock: Clock) -> None:
    """Sends the answer, without a look. Raises Fault: LOOK where nobody knows whether the platform took it."""
    _do(channel, "comment/reply/add", message, number, clock, content=text)


def let_through(channel: Channel, message: str, number: int, clock: Clock) -> None:
    """The comment is shown under the article (精选). Twice is as once."""
    _do(channel, "comment/markelect", message, number, clock)


def take_away(channel: Channel, message: str, number: int, clock: Clock) -> None:
    """The comment is deleted on the platform. Where it is gone already there is nothing to do."""
    _do(channel, "comment/delete", message, number, clock)


def _do(channel: Channel, path: str, message: str, number: int, clock: Clock, **more: str) -> None:
    asked = {"msg_data_id": int(message), "index": 0, "user_comment_id": number, **more}
    ask_wechat(channel, path, clock, json=asked)


def _read(row: Any) -> Comment | None:
    """One of the list; None where it cannot be read."""
    try:
        reply = row.get("reply")
        is_answered = isinstance(reply, dict) and bool(reply.get("content"))
        return Comment(
            int(row["user_comment_id"]),
            _moment(row["create_time"]),
            str(row["content"]),
            bool(row["comment_type"]),
            str(reply["content"]) if is_answered else None,
            _moment(reply["create_time"]) if is_answered else None,
            json.dumps({name: row[name] for name in _KEPT if name in row}, ensure_ascii=False),
        )
    except (AttributeError, KeyError, TypeError, ValueError, OSError, OverflowError):
        return None


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
