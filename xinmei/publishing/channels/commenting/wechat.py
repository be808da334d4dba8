"""Comments under what was published on 公众号. Facts: docs/decisions/0560."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from xinmei.publishing.channels.commenting.interface import CUT, TOO_MANY, Answer, Comment, Comments, gather, unseen
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.tokens import ask_wechat

# 「获取数目（>=50 会被拒绝）」
PAGE, PAGES = 49, 40
_KEPT = ("user_comment_id", "create_time", "content", "comment_type", "reply")


class WeChatComments:
    """公众号: what the public writes is shown once it is picked out (精选); one answer a comment."""

    carries_one = holds = True

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock

    def read(self, channel: Channel, article: str) -> Comments:
        """All comments under the article of that message."""
        return gather(self._pages(channel, article))

    def find(self, channel: Channel, article: str, number: int) -> Comment | None:
        """A comment carries its answer: the page on which it stands tells all."""
        seen: set[int] = set()
        for total, read in self._pages(channel, article):
            if comment := next((one for one in read if one is not None and one.number == number), None):
                return comment
            seen |= {one.number for one in read if one is not None}
            if total is None or None in read:
                raise unseen(CUT)
            if len(seen) >= total:
                return None
            if not read:
                raise unseen(f"说有 {total} 条，只给了 {len(seen)} 条")
        raise unseen(TOO_MANY)

    def _pages(self, channel: Channel, article: str) -> Iterator[tuple[int | None, list[Comment | None]]]:
        for page in range(PAGES):
            asked = {"msg_data_id": int(article), "index": 0, "begin": page * PAGE, "count": PAGE, "type": 0}
            answer = ask_wechat(channel, "comment/list", self.clock, json=asked)
            rows, total = answer.get("comment"), answer.get("total")
            read: list[Comment | None] = [_read(row) for row in rows] if isinstance(rows, list) else [None]
            yield total if isinstance(total, int) else None, read

    def answer(self, channel: Channel, article: str, number: int, text: str) -> None:
        """One call; the platform says of it only whether it took it."""
        self._do(channel, "comment/reply/add", article, number, content=text)

    def let_through(self, channel: Channel, article: str, number: int) -> None:
        """精选."""
        self._do(channel, "comment/markelect", article, number)

    def take_away(self, channel: Channel, article: str, number: int) -> None:
        """Deleted on the platform."""
        self._do(channel, "comment/delete", article, number)

    def _do(self, channel: Channel, path: str, article: str, number: int, **more: str) -> None:
        asked = {"msg_data_id": int(article), "index": 0, "user_comment_id": number, **more}
        ask_wechat(channel, path, self.clock, json=asked)


def _read(row: Any) -> Comment | None:
    """One of the list; None where it cannot be read."""
    try:
        answers: tuple[Answer, ...] = ()
        reply = row.get("reply")
        if isinstance(reply, dict) and reply.get("content"):
            kept = {name: row[name] for name in _KEPT if name in row}
            evidence = json.dumps(kept, ensure_ascii=False)
            answers = (Answer(str(reply["content"]), _moment(reply["create_time"]), evidence),)
        number, at = int(row["user_comment_id"]), _moment(row["create_time"])
        return Comment(number, at, str(row["content"]), bool(row["comment_type"]), answers)
    except (AttributeError, KeyError, TypeError, ValueError, OSError, OverflowError):
        return None


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
