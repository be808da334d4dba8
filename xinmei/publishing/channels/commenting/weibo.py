"""Comments under what was published on 微博. Facts: docs/decisions/0590.

They are shown as they are written: there is nothing to let through. An answer is a comment of the account itself that
names the comment it answers; there may be several.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from xinmei.publishing.channels.commenting.interface import Answer, Comment, Comments, gather, unseen
from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.weibo import LONGEST, ask_weibo, count, moment_of, words_of

PAGE, PAGES = 100, 20
GONE = "20201"
_KEPT = ("id", "created_at", "text")


@dataclass
class _Own:
    """What the account itself wrote under a post: the numbers, and what answers whom."""

    numbers: set[int] = field(default_factory=set)
    answers: defaultdict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))


class WeiboComments:
    """微博, by the authorisation that the account gave."""

    carries_one = holds = False

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock

    def read(self, channel: Channel, article: str) -> Comments:
        """All comments of the public under that post, each with the answers of the account."""
        own = _Own()
        listing = gather(self._pages(channel, article, own))
        of_public = [one for one in listing.found if one.number not in own.numbers]
        found = tuple(replace(one, answers=tuple(own.answers[one.number])) for one in of_public)
        return Comments(found, listing.why)

    def find(self, channel: Channel, article: str, number: int) -> Comment | None:
        """Answers stand anywhere in the list: only the whole of it tells that there is none."""
        listing = self.read(channel, article)
        comment = next((one for one in listing.found if one.number == number), None)
        if listing.why and (comment is None or not comment.answers):
            raise unseen(listing.why)
        return comment

    def _pages(self, channel: Channel, article: str, own: _Own) -> Iterator[tuple[int | None, list[Comment | None]]]:
        for page in range(1, PAGES + 1):
            asked = {"id": article, "count": str(PAGE), "page": str(page)}
            found = ask_weibo(channel, self.clock, "GET", "2/comments/show.json", asked)
            rows, total = found.get("comments"), found.get("total_number")
            read: list[Comment | None] = (
                [_read(channel, row, own) for row in rows] if isinstance(rows, list) else [None]
            )
            yield total if isinstance(total, int) else None, read

    def answer(self, channel: Channel, article: str, number: int, text: str) -> None:
        """One call, as long as it fits."""
        if count(text) > LONGEST:
            raise Fault(Means.PERSON, f"答复有 {count(text)} 字，微博的接口只收 {LONGEST} 个字", "登录微博答复")
        if not settings.PLATFORM_ADDRESS:
            said = "没有设置本系统的出口地址，微博每发一条都要"
            raise Fault(Means.PERSON, said, "请系统管理员设置 XINMEI_PLATFORM_ADDRESS")
        asked = {"cid": str(number), "id": article, "comment": text, "without_mention": "1"}
        asked["rip"] = settings.PLATFORM_ADDRESS
        ask_weibo(channel, self.clock, "POST", "2/comments/reply.json", asked)

    def let_through(self, channel: Channel, article: str, number: int) -> None:
        """What is written on 微博 is shown at once."""

    def take_away(self, channel: Channel, article: str, number: int) -> None:
        """Deleted, where the platform lets the account do so."""
        try:
            ask_weibo(channel, self.clock, "POST", "2/comments/destroy.json", {"cid": str(number)})
        except Fault as fault:
            if fault.code != GONE:
                raise


def _read(channel: Channel, row: Any, own: _Own) -> Comment | None:
    """One of the list, the account's own too: they count in it. None where it cannot be read."""
    try:
        number, at, text = int(row["id"]), moment_of(row), words_of(row)
        if str(row["user"]["id"]) == channel.owner:
            own.numbers.add(number)
            if isinstance(answered := row.get("reply_comment"), dict):
                kept = {name: row[name] for name in _KEPT} | {"reply_comment": int(answered["id"])}
                answer = Answer(text, at, json.dumps(kept, ensure_ascii=False))
                own.answers[int(answered["id"])].append(answer)
        return Comment(number, at, text, True)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
