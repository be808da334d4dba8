"""What a program sent: the body of a request, and what its address asks for."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from xinmei.api.problems import Reply, refuse

# A file travels in JSON as base64, a third larger than it is.
LARGEST = 96 << 20


class Unread(Exception):
    """The request cannot be read; `reply` says so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body["why"])
        self.reply = reply


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body, {} where there is none. Raises Unread."""
    if (request.META.get("CONTENT_LENGTH") or "0") == "0":
        return {}
    if request.content_type != "application/json":
        raise Unread(refuse("type", f"内容应是 application/json，发来的是“{(request.content_type or '')[:80]}”"))
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Unread(refuse("size", f"内容超过 {LARGEST >> 20} MiB，没有读完；更大的文件请在“导入”页上传"))
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unread(_wrong("内容不是 JSON")) from None
    if not isinstance(sent, dict):
        raise Unread(_wrong("内容应是一个 JSON 对象"))
    if not _is_text(sent):
        raise Unread(_wrong("文字里有不成对的代理字符，或写了 NUL"))
    return sent


def _wrong(why: str) -> Reply:
    return refuse("input", why, errors=[{"field": "", "found": None, "allowed": why}])


def _no_number(word: str) -> None:
    raise ValueError(word)


def _is_text(sent: Any) -> bool:
    """Whether all text can be written: half of a pair of surrogates is no character, and no database keeps NUL."""
    waiting = [sent]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in one):
            return False
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
    return True
