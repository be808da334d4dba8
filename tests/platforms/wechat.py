"""公众号, as its documents say that it behaves (read 2026-11-28; where they are silent, the worse is played).

Token: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
    7,200 seconds at most; asked again while valid, the same; forced, another one, and the last is dead; forced at most
    20 times a day, 30 seconds apart; refreshed by the platform five minutes before its end.
Draft: https://developers.weixin.qq.com/doc/subscription/en/api/draftbox/draftmanage/api_draft_add
    title and content are asked for; less than 20,000 characters, 1 MB; pictures from elsewhere are taken out; a draft
    that was published leaves the box.
Pictures in an article: JPG or PNG under 1 MB (media/uploadimg); covers: permanent material (material/add_material).
Publish: https://developers.weixin.qq.com/doc/subscription/api/public/api_freepublish_submit.html
    errcode 0 says only that the task was taken; it may fail later.
State: https://developers.weixin.qq.com/doc/offiaccount/Publish/Get_status.html
    0 out, 1 under way, 2 original failed, 3 failed, 4 not passed, 5 deleted afterwards, 6 banned afterwards.
List: https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_batchget.html
    count from 1 to 20; total_count, item_count, item.
Menu: https://developers.weixin.qq.com/doc/service/api/custommenu/api_getcurrentselfmenuinfo
    asked by GET; is_menu_open 0 or 1; buttons, below each sub_button.list.
Comments: https://developers.weixin.qq.com/doc/service/api/leaving/api_listcomment.html
    count of 50 or more is refused; 88000 is "without comment privilege".
Codes: https://developers.weixin.qq.com/doc/store/API/basics/commErrCode.html and the pages above.

Not in the documents, and played the worse way: a draft that is being published can be submitted again, and is then
published twice.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.platforms.commented import Commented
from tests.platforms.server import BUSY, EXPIRED, LIMITED, UNKNOWN, Asked

Answer = dict[str, Any]
OK, UNDER_WAY = 0, 1


@dataclass
class Task:
    """One publishing task."""

    media: str
    article: dict[str, Any]
    since: datetime
    ends_at: datetime
    state: int


@dataclass
class Official:
    """One 公众号."""

    app: str
    secret: str
    token: str = ""
    token_until: datetime | None = None
    forced: list[datetime] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    materials: set[str] = field(default_factory=set)
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)
    may_publish: bool = True
    may_list: bool = True
    limited_until: datetime | None = None
    # By the number of the message: comments.
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    may_comment: bool = True
    automatic: dict[str, Any] = field(default_factory=dict)
    # Every answer that was taken, in order: a second one to the same comment would stand here too.
    replies: list[tuple[int, str]] = field(default_factory=list)
    # The buttons of the menu; none: it is switched off.
    menu: list[dict[str, Any]] = field(default_factory=list)
    may_see_menu: bool = True


class WeChatPlatform(Commented):
    """All of them. `ends` says what becomes of a task: (state, after how long)."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.accounts: dict[str, Official] = {}
        self.by_token: dict[str, Official] = {}
        self.ends: Callable[[], tuple[int, timedelta]] = lambda: (OK, timedelta(seconds=30))
        self.numbers = itertools.count(100_000_001)
        self.lock = threading.RLock()
        # How many ask for a token of one account at once, at most; called while one of them asks.
        self.asking: dict[str, int] = {}
        # (app, task) of what has ended and was not pushed yet.
        self.ended: list[tuple[str, str]] = []
        self.most_asking = 0
        self.while_asking: Callable[[], None] = lambda: None

    def open(self, app: str, secret: str = "s" * 32) -> Official:
        """A new account."""
        self.accounts[app] = Official(app, secret)
        return self.accounts[app]

    def answer(self, asked: Asked, fault: str) -> tuple[int, Answer]:
        """Always state 200, as the platform does."""
        path = asked.path.removeprefix("/cgi-bin/")
        if path == "stable_token":
            return 200, self._token(asked, fault)
        with self.lock:
            return 200, self._with_token(path, asked, fault)

    # ── tokens ──

    def _token(self, asked: Asked, fault: str) -> Answer:
        app = asked.body.get("appid", "")
        with self.lock:
            self.asking[app] = self.asking.get(app, 0) + 1
            self.most_asking = max(self.most_asking, self.asking[app])
        try:
            self.while_asking()
            with self.lock:
                return self._give_token(asked.body, fault)
        finally:
            with self.lock:
                self.asking[app] -= 1

    def _give_token(self, body: Answer, fault: str) -> Answer:
        account, now = self.accounts.get(body.get("appid", "")), self.clock()
        if account is None:
            return _no(40013, "invalid appid")
        if body.get("secret") != account.secret:
            return _no(40125, "invalid appsecret")
        if fault == BUSY:
            return _no(-1, "system error")
        is_valid = account.token_until is not None and now < account.token_until - timedelta(minutes=5)
        if body.get("force_refresh"):
            today = [one for one in account.forced if now - one < timedelta(days=1)]
            if len(today) >= 20 or (today and now - today[-1] < timedelta(seconds=30)):
                return _no(45009, "reach max api daily quota limit")
            account.forced.append(now)
            self._renew(account)
        elif not is_valid:
            self._renew(account)
        assert account.token_until is not None
        return {"access_token": account.token, "expires_in": int((account.token_until - now).total_seconds())}

    def _renew(self, account: Official) -> None:
        self.by_token.pop(account.token, None)
        account.token = f"token-{account.app}-{next(self.numbers)}"
        account.token_until = self.clock() + timedelta(seconds=7200)
        self.by_token[account.token] = account

    def take_token(self, app: str) -> None:
        """Another holder of the same secret forces a new one: ours is dead."""
        with self.lock:
            self._renew(self.accounts[app])

    # ── all else ──

    def _with_token(self, path: str, asked: Asked, fault: str) -> Answer:
        account, now = self.by_token.get(asked.query.get("access_token", "")), self.clock()
        if account is None:
            return _no(40001, "invalid credential, access_token is invalid or not latest")
        if fault == EXPIRED or account.token_until is None or now >= account.token_until:
            self._renew(account)
            return _no(42001, "access_token expired")
        if fault == LIMITED or (account.limited_until and now < account.limited_until):
            account.limited_until = account.limited_until or now
            return _no(45011, "api minute-quota reach limit must slower retry next minute")
        if fault == BUSY:
            return _no(-1, "system error")
        if fault == UNKNOWN:
            return _no(987_654, "something new")
        does = {
            "draft/count": self._count,
            "media/uploadimg": self._picture,
            "material/add_material": self._material,
            "draft/add": self._draft,
            "freepublish/submit": self._submit,
            "freepublish/get": self._state,
            "freepublish/batchget": self._list,
            "get_current_autoreply_info": self._automatic,
            "get_current_selfmenu_info": self._menu,
            "comment/list": self._comments,
            "comment/reply/add": self._reply,
            "comment/markelect": self._elect,
            "comment/delete": self._delete,
        }
        return does[path](account, asked) if path in does else _no(40066, "invalid url")

    def _menu(self, account: Official, asked: Asked) -> Answer:
        if not account.may_see_menu:
            return _no(48001, "api unauthorized")
        return {"is_menu_open": 1 if account.menu else 0, "selfmenu_info": {"button": account.menu}}

    def _count(self, account: Official, asked: Asked) -> Answer:
        return {"total_count": len(account.drafts)}

    def _picture(self, account: Official, asked: Asked) -> Answer:
        data = asked.files.get("media", b"")
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            return _no(40005, "invalid file type")
        if len(data) >= 1 << 20:
            return _no(40009, "invalid image size")
        address = f"http://mmbiz.qpic.cn/{next(self.numbers)}"
        account.pictures.add(address)
        return {"url": address}

    def _material(self, account: Official, asked: Asked) -> Answer:
        media = f"material-{next(self.numbers)}"
        account.materials.add(media)
        return {"media_id": media, "url": f"http://mmbiz.qpic.cn/{media}"}

    def _draft(self, account: Official, asked: Asked) -> Answer:
        articles = asked.body.get("articles")
        if not isinstance(articles, list) or not articles:
            return _no(47001, "data format error")
        for one in articles:
            if one.get("thumb_media_id") not in account.materials:
                return _no(40007, "invalid media_id")
            if not one.get("title") or len(one["title"]) > 64:
                return _no(45003, "title size out of limit")
            if len(one.get("content", "")) >= 20_000:
                return _no(45002, "content size out of limit")
            sources = re.findall(r'<img src="([^"]+)"', one.get("content", ""))
            assert all(source in account.pictures for source in sources), "a picture that would be taken out"
        media = f"draft-{next(self.numbers)}"
        account.drafts[media] = articles[0]
        return {"media_id": media}

    def _submit(self, account: Official, asked: Asked) -> Answer:
        if not account.may_publish:
            return _no(48001, "api unauthorized")
        media = asked.body.get("media_id", "")
        self._end_tasks(account)
        if media not in account.drafts:
            return _no(40007, "invalid media_id")
        state, takes = self.ends()
        now, number = self.clock(), str(next(self.numbers))
        account.open.append(number)
        account.tasks[number] = Task(media, account.drafts[media], now, now + takes, state)
        return {"errcode": 0, "errmsg": "ok", "publish_id": number, "msg_data_id": str(next(self.numbers))}

    def take_ended(self) -> list[tuple[str, str]]:
        """What has ended by now, each once."""
        with self.lock:
            for account in self.accounts.values():
                self._end_tasks(account)
            ended, self.ended = self.ended, []
        return ended

    def _end_tasks(self, account: Official) -> None:
        """What has ended by now is out, or failed."""
        for number in [number for number in account.open if account.tasks[number].ends_at <= self.clock()]:
            account.open.remove(number)
            self.ended.append((account.app, number))
            task = account.tasks[number]
            if task.state == OK:
                account.drafts.pop(task.media, None)
                account.published.append(
                    {**task.article, "task": number, "article_id": f"a{number}", "at": task.ends_at, "deleted": False}
                )

    def _state(self, account: Official, asked: Asked) -> Answer:
        number = str(asked.body.get("publish_id", ""))
        task = account.tasks.get(number)
        self._end_tasks(account)
        if task is None:
            return _no(40007, "invalid publish_id")
        if self.clock() < task.ends_at:
            return {"publish_id": number, "publish_status": UNDER_WAY, "fail_idx": []}
        if task.state != OK:
            return {"publish_id": number, "publish_status": task.state, "fail_idx": [1]}
        item = {"idx": 1, "article_url": _address(number)}
        detail = {"count": 1, "item": [item]}
        return {"publish_id": number, "publish_status": 0, "article_id": f"a{number}", "article_detail": detail}

    def _list(self, account: Official, asked: Asked) -> Answer:
        if not account.may_list:
            return _no(48001, "api unauthorized")
        offset, count = asked.body.get("offset", 0), asked.body.get("count", 0)
        if not 1 <= count <= 20:
            return _no(40097, "invalid args")
        self._end_tasks(account)
        newest = sorted(account.published, key=lambda one: one["at"], reverse=True)
        no_content = asked.body.get("no_content")
        items = [_listed(one, bool(no_content)) for one in newest[offset : offset + count]]
        return {"total_count": len(newest), "item_count": len(items), "item": items}


def _listed(one: Answer, no_content: bool) -> Answer:
    shown = {name: one.get(name, "") for name in ("title", "author", "digest")}
    news = {**shown, "content": "" if no_content else one.get("content", ""), "url": _address(one["task"])}
    content = {"news_item": [{**news, "is_deleted": one["deleted"]}]}
    return {"article_id": one["article_id"], "update_time": int(one["at"].timestamp()), "content": content}


def _address(number: str) -> str:
    return f"https://mp.weixin.qq.com/s/{number}"


def _no(code: int, text: str) -> Answer:
    return {"errcode": code, "errmsg": text}
