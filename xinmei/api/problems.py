"""Refusals as programs get them: RFC 9457 `application/problem+json`, with `refused`, `why`, `errors` of `acts.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from xinmei.acts.lines import say_refused
from xinmei.core.refusals import Refusal

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of refusal: its status, its word, what it is called."""

    status: int
    refused: str
    title: str


KINDS = {
    one.refused: one
    for one in (
        Problem(401, "token", "没有令牌，或令牌不能用"),
        Problem(403, "right", "无权办理"),
        Problem(404, "not_found", "没有，或看不到"),
        Problem(405, "method", "这个网址不这样用"),
        Problem(409, "state", "现在不能办理"),
        Problem(413, "size", "内容太大"),
        Problem(415, "type", "内容不是 JSON"),
        Problem(422, "input", "所写的不对"),
        Problem(429, "rate", "太频繁"),
    )
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a program: status and body, as it is sent and as it is kept."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_response(self) -> HttpResponse:
        """The answer on the wire."""
        kind = "application/json" if self.status == 200 else PROBLEM
        text = json.dumps(self.body, ensure_ascii=False)
        return HttpResponse(text, status=self.status, content_type=kind, headers=dict(self.headers))


def refuse(refused: str, why: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Reply:
    """A refusal of that kind."""
    kind = KINDS[refused]
    body = {"type": f"/api/#{refused}", "title": kind.title, "status": kind.status, "detail": why}
    return Reply(kind.status, {**body, "refused": refused, "why": why, **more}, headers or {})


def say(refusal: Refusal) -> Reply:
    """An act that was refused, in the words of `xinmei do`."""
    said = say_refused(refusal)
    errors = {"errors": said["errors"]} if "errors" in said else {}
    return refuse(said["refused"], said["why"], **errors)
