"""Drafts of 东湖县 on their way: 卞小编 writes, 申科长 checks, 钱局长 signs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.cast import NOW, act
from xinmei.acts.performing import perform
from xinmei.acts.showing import kind_named, show
from xinmei.people.doors import actings_by_login
from xinmei.publishing.models import Draft

TITLE = "春耕补贴开始申领"
TEXT = "东湖县发布春耕补贴办法，符合条件的农户可到村里申领。"
WRITTEN = {"accounts": ["DH-1"], "origin": "original", "title": TITLE, "text": TEXT}
TYPO = "财政拔款已经到位。"
GRAVE = "中华人名共和国成立以来。"


def write(at: datetime = NOW, by: str = "bian", **more: object) -> Draft:
    """A new draft."""
    return act("draft.write", (), by=by, at=at, **(WRITTEN | more))


def send(draft: Draft, at: datetime = NOW, by: str = "bian") -> Draft:
    """The first signature, on the version as it stands."""
    return act("draft.send", draft.pk, by=by, at=at, version=current(draft))


def check(draft: Draft, at: datetime = NOW, by: str = "shen") -> Draft:
    """The second signature."""
    return act("draft.check", draft.pk, by=by, at=at, version=current(draft))


def sign(draft: Draft, at: datetime = NOW, by: str = "qian") -> Draft:
    """The third signature."""
    return act("draft.sign", draft.pk, by=by, at=at, version=current(draft))


def release(at: datetime = NOW, **more: object) -> Draft:
    """A draft with its three signatures, all at one moment."""
    return sign(check(send(write(at, **more), at), at), at)


def publish(draft: Draft, on: datetime = NOW, account: str = "DH-1", **entry: object) -> Draft:
    """An entry of where it was published."""
    said = entry or {"at": on.isoformat(), "url": "https://mp.example.cn/s/1"}
    given = {"account": account, **said}
    return perform("draft.published", [draft.pk], by=actings_by_login("bian", on), at=on, given=given).one


def shown(draft: Draft, login: str = "bian", at: datetime = NOW) -> Any:
    """The draft as this person reads it."""
    (found,) = show(kind_named("draft"), str(draft.pk), login=login, position=None, at=at, where={})
    return found


def current(draft: Draft) -> int:
    """The number of its version now."""
    return Draft.objects.values_list("version", flat=True).get(pk=draft.pk)


def later(minutes: float) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=minutes)
