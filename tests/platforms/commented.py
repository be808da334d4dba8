"""Comments under articles of 公众号, and what it answers by itself, as the documents of `wechat.py` say they behave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.platforms.server import Asked

Answer = dict[str, Any]


class Commented:
    """The part of the platform that keeps comments; `account` is an `Official`."""

    clock: Callable[[], datetime]

    def _comments(self, account: Any, asked: Asked) -> Answer:
        if not account.may_comment:
            return _no(88000, "without comment privilege")
        begin, count = asked.body["begin"], asked.body["count"]
        if count >= 50:
            return _no(40097, "invalid args")
        there = account.comments.get(str(asked.body["msg_data_id"]), [])
        return {"total": len(there), "comment": there[begin : begin + count]}

    def _automatic(self, account: Any, asked: Asked) -> Answer:
        """What it answers by itself:
        https://developers.weixin.qq.com/doc/subscription/en/api/notify/autoreplies/api_getcurrentautoreplyinfo.html
        """
        return account.automatic or {"is_add_friend_reply_open": 0, "is_autoreply_open": 0}

    def _comment(self, account: Any, asked: Asked) -> Answer | None:
        there = account.comments.get(str(asked.body["msg_data_id"]), [])
        number = asked.body["user_comment_id"]
        return next((one for one in there if one["user_comment_id"] == number), None)

    def _reply(self, account: Any, asked: Asked) -> Answer:
        comment = self._comment(account, asked)
        if comment is None:
            return _no(88010, "comment not exists")
        account.replies.append((asked.body["user_comment_id"], asked.body["content"]))
        comment["reply"] = {"content": asked.body["content"], "create_time": int(self.clock().timestamp())}
        return {"errcode": 0, "errmsg": "ok"}

    def _elect(self, account: Any, asked: Asked) -> Answer:
        comment = self._comment(account, asked)
        if comment is not None:
            comment["comment_type"] = 1
        return {"errcode": 0, "errmsg": "ok"}

    def _delete(self, account: Any, asked: Asked) -> Answer:
        comment = self._comment(account, asked)
        if comment is not None:
            account.comments[str(asked.body["msg_data_id"])].remove(comment)
        return {"errcode": 0, "errmsg": "ok"}


def _no(code: int, text: str) -> Answer:
    return {"errcode": code, "errmsg": text}
