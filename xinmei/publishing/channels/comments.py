"""Comments under what was published on 公众号: read, let through, answered, deleted. Facts: docs/decisions/0560.

A comment carries one answer. Before one is sent the comment is looked at, so that nothing is answered twice however
often an answer of the platform is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.tokens import ask_wechat

# 「获取数目（>=50 会被拒绝）」
PAGE, PAGES = 49, 40
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment under an article, and what was answered; None: nothing yet."""

    number: int
    at: datetime
    text: str
    is_shown: bool
    answer: str | None


@dataclass(frozen=True, slots=True)
class Comments:
    """What a list showed. `why` says why it is not all; without a right to see them it is not "none"."""

    found: tuple[Comment, ...]
    why: str = ""


def read_comments(channel: Channel, message: str, clock: Clock) -> Comments:
    """All comments under the article of that message. What could not be read is said, never taken for nothing."""
    found: dict[int, Comment] = {}
    try:
        for page in range(PAGES):
            asked = {"msg_data_id": int(message), "index": 0, "begin": page * PAGE, "count": PAGE, "type": 0}
            answer = ask_wechat(channel, "comment/list", clock, json=asked)
            rows, total = answer.get("comment"), answer.get("total")
            read = [_read(row) for row in rows] if isinstance(rows, list) else [None]
            if None in read or not isinstance(total, int):
                return Comments(tuple(found.values()), "平台给的留言残缺")
            found |= {one.number: one for one in read if one is not None}
            if len(found) >= total:
                return Comments(tuple(found.values()))
            if not read:
                return Comments(tuple(found.values()), f"平台说有 {total} 条留言，只给了 {len(found)} 条")
    except Fault as fault:
        return Comments(tuple(found.values()), fault.said)
    return Comments(tuple(found.values()), "留言太多，没有看到底")


def answer_comment(channel: Channel, message: str, number: int, text: str, clock: Clock) -> bool:
    """Answers a comment; whether it was sent now (False: this answer stands there already).

    Raises Fault: LOOK where nobody knows whether the platform took it. Called again it looks before it sends.
    """
    listing = read_comments(channel, message, clock)
    comment = next((one for one in listing.found if one.number == number), None)
    if comment is None:
        if listing.why:
            raise Fault(Means.RETRY, f"看不到这条留言：{listing.why}", "系统过一会儿再看")
        raise Fault(Means.PERSON, "平台上没有这条留言了", "可能已被删除；不用再答复")
    if comment.answer == text:
        return False
    if comment.answer is not None:
        raise Fault(Means.PERSON, "平台上已有另一个答复", "登录公众平台看；要改的先删去原来的答复")
    _do(channel, "comment/reply/add", message, number, clock, content=text)
    return True


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
        answered = row.get("reply")
        answer = str(answered["content"]) if isinstance(answered, dict) and answered.get("content") else None
        at = datetime.fromtimestamp(int(row["create_time"]), UTC)
        return Comment(int(row["user_comment_id"]), at, str(row["content"]), bool(row["comment_type"]), answer)
    except (AttributeError, KeyError, TypeError, ValueError, OSError):
        return None
