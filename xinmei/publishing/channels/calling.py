"""A call of a platform's interface, read as JSON. What went wrong is a Fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from xinmei.fetching import FetchFault, Page, ask
from xinmei.publishing.channels.faults import Fault, Means

AGAIN = "系统会自动再试"
LOOK = "系统先回看是不是已经办成"


def call(method: str, address: str, **sent: Any) -> tuple[int, dict[str, Any]]:
    """The state and the JSON of the answer. `sent` is what `fetching.ask` takes; `json` is sent as UTF-8.

    A call that surely never arrived is to be tried again. After any other loss of the answer somebody has to look.
    """
    if (body := sent.pop("json", None)) is not None:
        sent["content"] = json.dumps(body, ensure_ascii=False).encode()
    try:
        page = ask(method, address, allow=settings.PLATFORM_ALLOW, **sent)
    except FetchFault as fault:
        if fault.sent:
            raise Fault(Means.LOOK, f"发出以后没有收到平台的回话：{fault}", LOOK) from None
        raise Fault(Means.RETRY, f"连不上平台：{fault}", AGAIN) from None
    return page.status, _read(page)


def _read(page: Page) -> dict[str, Any]:
    try:
        found = json.loads(page.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Fault(Means.LOOK, f"平台的回话读不懂（状态 {page.status}）", LOOK)
    return found


def text_of(found: Mapping[str, Any], name: str) -> str:
    """A text, or a number as text; "" where there is neither."""
    value = found.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
