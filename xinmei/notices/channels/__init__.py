"""The ways out, each switched on by the operator's settings (XINMEI_…). A channel that is not configured sends nothing.

A channel takes an `Outgoing` and returns when the other side has accepted it; `NotSent` says in Chinese why it did not.
"""

from __future__ import annotations

from django.conf import settings

from xinmei.notices.channels.email import Email
from xinmei.notices.channels.outgoing import Channel
from xinmei.notices.channels.robots import Robots
from xinmei.notices.channels.sms import HttpGateway, Sms


def open_channels() -> dict[str, Channel]:
    """The channels that are configured, by their name in `Delivery.Channel`."""
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
