"""微博, as its documents say that it behaves (read 2026-11-28; where they are silent, the worse is played).

Post: https://open.weibo.com/wiki/2/statuses/share
    140 characters at most, no #topic#, at least one address of the application's own domain, the address of the user
    (rip); one picture, JPEG, GIF or PNG under 5 MB, as multipart/form-data. Answers with idstr, created_at, text.
Authorisation: https://open.weibo.com/wiki/index.php?title=Oauth2/get_token_info&diff=15973&oldid=9941
    uid, appkey, scope, create_at, expire_in.
List: https://open.weibo.com/wiki/index.php?title=2/statuses/friends_timeline&oldid=14719 and user_timeline beside it
    count up to 100, page from 1; statuses and total_number; fewer may be shown than are counted.
Comments: https://open.weibo.com/wiki/C/2/comments/reply/biz, C/2/comments/destroy/biz, 2/comments/show
    an answer is a comment of its own that names the other in reply_comment; 140 characters, rip asked for;
    comments, total_number, the newest first; deleted only under one's own posts.
Codes: https://open.weibo.com/wiki/Error_code: 10001 system, 10022 to 10024 limits, 20019 the same again, 21327 expired;
    the answer is {"request", "error_code", "error"}.

Not in the documents, and played the worse way: the same words may be posted twice.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.platforms.server import BUSY, EXPIRED, LIMITED, UNKNOWN, Asked

Answer = dict[str, Any]


@dataclass
class Microblog:
    """One account, and its authorisation of one application."""

    owner: str
    app: str
    domain: str
    token: str
    until: datetime
    posts: list[dict[str, Any]] = field(default_factory=list)
    refuses_the_same: bool = False
    hides: int = 0
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by post, the newest first


class WeiboPlatform:
    """All of them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.accounts: dict[str, Microblog] = {}
        self.numbers = itertools.count(3_504_803_600_502_730)
        self.lock = threading.Lock()

    def open(self, owner: str, *, app: str = "1352222456", domain: str = "example.gov.cn") -> Microblog:
        """A new account; its token is good for thirty days."""
        token = f"2.00{owner}"
        self.accounts[token] = Microblog(owner, app, domain, token, self.clock() + timedelta(days=30))
        return self.accounts[token]

    def answer(self, asked: Asked, fault: str) -> tuple[int, Answer]:
        """A fault has state 400, or 403, and says its code."""
        with self.lock:
            account = self.accounts.get((asked.body | asked.query).get("access_token", ""))
            if account is None:
                return _no(asked, 21332, "invalid_access_token")
            if fault == EXPIRED or self.clock() >= account.until:
                return _no(asked, 21327, "expired_token")
            if fault == LIMITED:
                return _no(asked, 10023, "User requests out of rate limit")
            if fault == BUSY:
                return _no(asked, 10001, "System error")
            if fault == UNKNOWN:
                return _no(asked, 98765, "something new")
            does = {
                "/oauth2/get_token_info": self._info,
                "/2/statuses/share.json": self._share,
                "/2/statuses/user_timeline.json": self._list,
                "/2/statuses/show.json": self._show,
                "/2/comments/show.json": self._comments,
                "/2/comments/reply.json": self._reply,
                "/2/comments/destroy.json": self._destroy,
            }
            return does[asked.path](account, asked)

    def _info(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        left = int((account.until - self.clock()).total_seconds())
        return 200, {"uid": int(account.owner), "appkey": account.app, "scope": None, "expire_in": left}

    def _share(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        words = asked.body.get("status", "")
        if not asked.body.get("rip"):
            return _no(asked, 10016, "Miss required parameter (rip)")
        if f"{account.domain}/" not in words or "#" in words:
            return _no(asked, 10017, "Parameter (status)'s value invalid")
        if account.refuses_the_same and any(one["text"] == words for one in account.posts[-50:]):
            return _no(asked, 20019, "Repeat content")
        one = {"idstr": str(next(self.numbers)), "text": words, "at": self.clock(), "deleted": False}
        account.posts.append(one)
        return 200, _listed(one)

    def _show(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        found = [one for one in account.posts if one["idstr"] == asked.query.get("id")]
        return (200, _listed(found[0])) if found else _no(asked, 20101, "Target weibo does not exist!")

    def _list(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        count, page = int(asked.query.get("count", 20)), int(asked.query.get("page", 1))
        newest = list(reversed(account.posts))[: len(account.posts) - account.hides]
        rows = newest[(page - 1) * min(count, 100) : page * min(count, 100)]
        return 200, {"statuses": [_listed(one) for one in rows], "total_number": len(account.posts)}

    def _comments(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        there = account.comments.get(asked.query["id"], [])
        count, page = int(asked.query["count"]), int(asked.query["page"])
        shown = there[: len(there) - account.hides][(page - 1) * count : page * count]
        return 200, {"comments": shown, "total_number": len(there)}

    def _reply(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        there = account.comments.get(asked.body["id"], [])
        meant = next((one for one in there if str(one["id"]) == asked.body["cid"]), None)
        if meant is None:
            return _no(asked, 20201, "Target weibo comment does not exist!")
        one = comment_of(next(self.numbers), asked.body["comment"], account.owner, self.clock(), reply_comment=meant)
        there.insert(0, one)
        return 200, one

    def _destroy(self, account: Microblog, asked: Asked) -> tuple[int, Answer]:
        for there in account.comments.values():
            for one in [one for one in there if str(one["id"]) == asked.body["cid"]]:
                there.remove(one)
                return 200, one
        return _no(asked, 20201, "Target weibo comment does not exist!")


def comment_of(number: int, text: str, owner: str, at: datetime, **more: Any) -> Answer:
    """A comment as the platform shows it."""
    written = at.strftime("%a %b %d %H:%M:%S %z %Y")
    return {"id": number, "text": text, "created_at": written, "user": {"id": int(owner)}, **more}


def _listed(one: Answer) -> Answer:
    said = {"created_at": one["at"].strftime("%a %b %d %H:%M:%S %z %Y"), "truncated": False}
    return {**said, "id": int(one["idstr"]), "idstr": one["idstr"], "text": one["text"]}


def _no(asked: Asked, code: int, text: str) -> tuple[int, Answer]:
    status = 403 if 10022 <= code <= 10024 else 400
    return status, {"request": asked.path, "error_code": code, "error": text}
