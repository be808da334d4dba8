"""The ways out, each switched on by the operator's settings (XINMEI_…). A channel that is not configured sends nothing.

A channel takes an `Outgoing` and returns when the other side has accepted it; `NotSent` says in Chinese why it did not.
Nothing here knows the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings


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


def open_channels() -> dict[str, Channel]:
    """The channels that are configured, by their name in `Delivery.Channel`."""
    from xinmei.notices.channels.email import Email
    from xinmei.notices.channels.robots import Robots
    from xinmei.notices.channels.sms import HttpGateway, Sms

    channels: dict[str, Channel] = {}
    if settings.SMTP_HOST:
        channels["email"] = Email(
            settings.SMTP_HOST,
            settings.SMTP_PORT,
            settings.SMTP_SECURITY,
            settings.SMTP_USER,
            settings.SMTP_PASSWORD,
            settings.SMTP_FROM,
        )
    if settings.ROBOTS:
        channels["robot"] = Robots(settings.ROBOTS, settings.NOTICE_ALLOW)
    if settings.SMS_URL:
        channels["sms"] = Sms(HttpGateway(settings.SMS_URL, settings.SMS_TOKEN, settings.NOTICE_ALLOW))
    return channels
