"""What goes out: a message, why it did not, and anything that sends one. Nothing here knows the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. `number` stays the same however often it is sent, so that the other side can tell a repetition.

    `to` is an e-mail address, a telephone number, or the code of the unit whose robot speaks.
    """

    number: str
    to: str
    title: str
    text: str
    address: str


class NotSent(Exception):
    """The other side did not accept it; the text says why, in Chinese, without addresses or keys.

    `final`: another try is of no use.
    """

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why[:300])
        self.final = final


class Channel(Protocol):
    """A way out."""

    def send(self, message: Outgoing) -> None:
        """Hands one message over. Raises NotSent."""
