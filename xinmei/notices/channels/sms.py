"""SMS behind an interface: anything that can `send(phone, text, number)`.

A gateway over HTTP is included, as providers of government clouds offer it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from xinmei.fetching import FetchFault, Network, post
from xinmei.notices.channels.outgoing import NotSent, Outgoing

SECONDS = 15.0
LONGEST = 200


class Gateway(Protocol):
    """Something that sends short messages."""

    def send(self, phone: str, text: str, number: str) -> None:
        """Sends `text` to `phone`; `number` is the same for a repetition. Raises NotSent."""


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Posts `{"phone", "text", "id"}` with a bearer token; 200 means taken."""

    address: str
    token: str
    allow: Sequence[Network]

    def send(self, phone: str, text: str, number: str) -> None:
        """Hands one short message over. Raises NotSent."""
        content = json.dumps({"phone": phone, "text": text, "id": number}, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": number,
        }
        try:
            post(self.address, content, headers=headers, allow=self.allow, seconds=SECONDS)
        except FetchFault as fault:
            raise NotSent(f"短信网关：{fault}") from None


@dataclass(frozen=True, slots=True)
class Sms:
    """Short messages by a gateway: the title alone, and where to look."""

    gateway: Gateway

    def send(self, message: Outgoing) -> None:
        """Sends the title. Raises NotSent."""
        self.gateway.send(message.to, f"【政务新媒体】{message.title}"[:LONGEST], message.number)
