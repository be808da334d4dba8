"""Robots of group chats, 政务微信 and 钉钉 style: a JSON text message to the address that the group was given."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from xinmei.fetching import FetchFault, Network, post
from xinmei.notices.channels.outgoing import NotSent, Outgoing

SECONDS = 15.0
LONGEST = 1800  # bytes of text: 政务微信 takes 2048


@dataclass(frozen=True, slots=True)
class Robots:
    """One robot a unit: `{"unit": code, "kind": "wecom" | "dingtalk", "address": …, "secret": …}`.

    Unit "" is the group of the city's inspectors.
    """

    robots: Mapping[str, Mapping[str, str]]
    allow: Sequence[Network]

    def send(self, message: Outgoing) -> None:
        """Lets the robot of the group speak. Raises NotSent, `final` where the unit has no robot any more."""
        robot = self.robots.get(message.to)
        if robot is None:
            raise NotSent("这个单位的工作群机器人已不在设置里", final=True)
        text = _shorten(f"{message.title}\n{message.text}\n{message.address}\n编号 {message.number}")
        content = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
        address = robot["address"]
        if robot["kind"] == "dingtalk" and robot.get("secret"):
            address += sign(robot["secret"], int(time.time() * 1000))
        try:
            page = post(
                address,
                content,
                headers={"Content-Type": "application/json; charset=utf-8"},
                allow=self.allow,
                seconds=SECONDS,
            )
        except FetchFault as fault:
            raise NotSent(str(fault)) from None
        try:
            answer = json.loads(page.body)
        except ValueError:
            answer = None
        code = answer.get("errcode") if isinstance(answer, dict) else None
        if code != 0:
            raise NotSent(
                f"机器人没有收下（代码 {code}）"
                if isinstance(code, int)
                else "机器人的答复看不懂，可能是登录页或网关页"
            )


def sign(secret: str, milliseconds: int) -> str:
    """The signature that 钉钉 asks for, as the end of the address: HMAC-SHA256 over the time and the secret."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={milliseconds}&sign={quote_plus(base64.b64encode(digest))}"


def _shorten(text: str) -> str:
    data = text.encode()
    return text if len(data) <= LONGEST else data[:LONGEST].decode(errors="ignore") + "…"
