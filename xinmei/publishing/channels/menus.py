"""The menu of a 公众号, as the public sees it: read, never written. Facts: docs/decisions/0601.

https://developers.weixin.qq.com/doc/service/api/custommenu/api_getcurrentselfmenuinfo
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinmei.publishing.channels.calling import text_of
from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.tokens import ask_wechat

BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a menu leads to: its name with what stands above it, and its address; "" where it has none."""

    name: str
    url: str = ""


def read_menu(channel: Channel, clock: Callable[[], datetime]) -> list[Item]:
    """Everything that can be pressed, in order; [] where the menu is switched off.

    Raises Fault where it could not be read: "no right" and a menu that is cut short are not "no menu".
    """
    found = ask_wechat(channel, "get_current_selfmenu_info", clock, method="GET")
    if found.get("is_menu_open") == 0:
        return []
    info = found.get("selfmenu_info")
    buttons = info.get("button") if isinstance(info, dict) else None
    if found.get("is_menu_open") != 1 or not isinstance(buttons, list):
        raise _broken()
    return [item for button in buttons for item in _items(button)]


def _items(button: Any, above: str = "") -> Iterator[Item]:
    if not isinstance(button, dict) or not text_of(button, "name"):
        raise _broken()
    name = f"{above}{text_of(button, 'name')}"
    below = button.get("sub_button")
    below = below.get("list") if isinstance(below, dict) else below
    if below:
        if not isinstance(below, list):
            raise _broken()
        for one in below:
            yield from _items(one, f"{name}{BETWEEN}")
        return
    yield Item(name, _address_of(button))


def _address_of(button: dict[str, Any]) -> str:
    """Where it leads. A mini program has only a page for old clients, which says nothing about it."""
    kind = text_of(button, "type")
    if kind == "view":
        return text_of(button, "url")
    news = button.get("news_info")
    articles = news.get("list") if kind == "news" and isinstance(news, dict) else None
    first = articles[0] if isinstance(articles, list) and articles and isinstance(articles[0], dict) else {}
    return text_of(first, "content_url")


def _broken() -> Fault:
    return Fault(Means.RETRY, "平台给的菜单残缺", "系统下次再读")
