"""What people do with notices on their way.

One is known by the number of its delivery: by one channel to one person or group.
"""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.notices.actions import resend
from xinmei.notices.doors import deliveries_visible_to
from xinmei.notices.models import Delivery
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting


class ShownDelivery(TypedDict):
    """What programs read of a notice on its way."""

    id: str
    unit: str | None
    person: str | None
    channel: str
    state: str
    attempts: int
    why: str | None
    at: str | None
    sent_at: str | None


def show_delivery(delivery: Delivery, acting: Acting) -> ShownDelivery:
    """To whom, by which channel, and what came of it; not what it is about."""
    return {
        "id": str(delivery.pk),
        "unit": delivery.notice.unit.code if delivery.notice.unit else None,
        "person": delivery.person.login if delivery.person else None,
        "channel": delivery.channel,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "why": delivery.last_error or None,
        "at": show_moment(delivery.notice.at),
        "sent_at": show_moment(delivery.sent_at),
    }


NOTICE = Kind(
    name="notice",
    label="消息投递",
    path="notices/undelivered",
    model=Delivery,
    rows=deliveries_visible_to,
    show=show_delivery,
    state="state",
    unit=lambda delivery: delivery.notice.unit_id,
    related=("notice__unit", "person"),
)

RESEND = Verb(
    "notice.resend",
    "重发",
    of=NOTICE,
    right="resend_notice",
    moves={"failed": "waiting"},
    do=resend,
    page="undelivered",
    event="resend_notice",
    done="已排队重发，几分钟内再看结果。",
)
