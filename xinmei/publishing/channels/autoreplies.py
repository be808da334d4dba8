"""The automatic replies of 公众号, as its interface lists them. Facts: docs/decisions/0591.

It lists what was set on 公众平台; what a program of its own answers is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.tokens import ask_wechat

_OTHER = {"img": "图片", "voice": "语音", "video": "视频", "news": "图文"}


@dataclass(frozen=True, slots=True)
class Automatic:
    """One rule: when it comes (`follow`, `message`, `keyword`), by which words, what it says, what else it sends."""

    when: str
    name: str
    keywords: tuple[tuple[str, str], ...]
    text: str
    other: str


def read_automatic(channel: Channel, clock: Callable[[], datetime]) -> list[Automatic]:
    """All that is switched on. Raises Fault where it could not be seen, or not be read."""
    found = ask_wechat(channel, "get_current_autoreply_info", clock, method="GET")
    try:
        return list(_read(found))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Fault(Means.RETRY, "平台给的自动回复读不懂", "系统过一会儿再看") from None


def _read(found: dict[str, Any]) -> Iterator[Automatic]:
    if int(found["is_add_friend_reply_open"]):
        yield from _plain("follow", found.get("add_friend_autoreply_info"))
    if not int(found["is_autoreply_open"]):
        return
    yield from _plain("message", found.get("message_default_autoreply_info"))
    for rule in (found.get("keyword_autoreply_info") or {}).get("list") or []:
        keywords = tuple(
            (str(one.get("match_mode") or "equal"), str(one["content"])) for one in rule["keyword_list_info"]
        )
        said = [one for one in rule["reply_list_info"] if one["type"] == "text"]
        text = "\n".join(str(one["content"]) for one in said)
        yield Automatic("keyword", str(rule.get("rule_name") or ""), keywords, text, _others(rule["reply_list_info"]))


def _plain(when: str, said: dict[str, Any] | None) -> Iterator[Automatic]:
    if said:
        is_text = said["type"] == "text"
        yield Automatic(when, "", (), str(said["content"]) if is_text else "", "" if is_text else _others([said]))


def _others(said: list[dict[str, Any]]) -> str:
    kinds = dict.fromkeys(_OTHER.get(one["type"], "其他") for one in said if one["type"] != "text")
    return "、".join(kinds)
