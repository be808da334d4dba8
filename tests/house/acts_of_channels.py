"""How the verbs of interfaces, sendings and templates are tried; part of `acts.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cast import City, act
from tests.drafting import release
from tests.house.both_ways import Case
from xinmei.publishing.models import Channel, Sending

INTERFACE = {"account": "DH-1", "app": "wx0123456789abcdef", "secret": "不外传的密钥" * 4}

WEATHER = {"account": "DH-1", "column": "天气提示", "title": "天气提示｜{月}月{日}日", "fixed": "咨询电话：12345。"}


def interface(city: City) -> object:
    """The interface of 东湖发布, that 管理员甲 wrote down."""
    if channel := Channel.objects.first():
        return channel.pk
    return act("channel.connect", by="guan", **INTERFACE).pk


def a_released_draft(city: City) -> dict[str, Any]:
    """What is given to put a draft on its way to 东湖发布."""
    interface(city)
    return {"draft": str(release().pk), "account": "DH-1"}


def sending(state: str) -> Callable[[City], object]:
    """A sending to 东湖发布, in that state."""

    def of(city: City) -> object:
        made = act("sending.start", by="bian", **a_released_draft(city))
        Sending.objects.filter(pk=made.pk).update(state=state)
        return made.pk

    return of


def template(city: City) -> object:
    """A template of 东湖发布, kept by 卞小编."""
    return act("template.keep", by="bian", **WEATHER).pk


CHANNELS: dict[str, Case] = {
    "channel.connect": Case("guan", "bian", given=INTERFACE, again=""),
    "channel.disconnect": Case("guan", "bian", interface),
    "sending.start": Case("bian", "shen", given=a_released_draft),
    "sending.again": Case("bian", "shen", sending("held")),
    "sending.stop": Case("bian", "shen", sending("scheduled")),
    "template.keep": Case("bian", "shen", given=WEATHER, again="state"),
    "review_term.set": Case("guan", "bian", given={"hours": 4}),
    "template.end": Case("bian", "shen", template, again="state"),
}
