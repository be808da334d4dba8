"""Where a draft stands on each platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.publishing.channels.doors import channels_visible_to, sendings_visible_to
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.models import Draft, Publication
from xinmei.registry.models import Account

# An authorisation that ends is on the desk so long before.
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Where:
    """One account of a draft: what was sent, what is entered, whether it has an interface."""

    account: Account
    sending: Sending | None
    entry: Publication | None
    has_channel: bool

    @property
    def can_start(self) -> bool:
        """Whether it can be put on its way by the interface."""
        is_free = self.sending is None or self.sending.state == Sending.State.STOPPED
        return self.has_channel and self.entry is None and is_free


def where_it_stands(draft: Draft, accounts: Sequence[Account], entries: Sequence[Publication]) -> list[Where]:
    """Each account of the draft in its order. Two queries."""
    sendings = {one.account_id: one for one in draft.sendings.select_related("account", "draft__unit")}
    serving = Channel.objects.filter(account__in=accounts).exclude(state=Channel.State.ENDED)
    with_channel = set(serving.values_list("account", flat=True))
    entered = {one.account_id: one for one in entries}
    return [Where(one, sendings.get(one.pk), entered.get(one.pk), one.pk in with_channel) for one in accounts]


def to_settle(acting: Acting) -> QuerySet[Sending]:
    """Those that wait for a person of this unit."""
    if not may(acting, "send_out"):
        return Sending.objects.none()
    out_although_stopped = Q(state=Sending.State.PUBLISHED) & ~Q(todo="")
    return sendings_visible_to(acting).filter(Q(state=Sending.State.HELD) | out_although_stopped)


def to_renew(acting: Acting, now: datetime) -> QuerySet[Channel]:
    """Interfaces that do not work, or whose authorisation ends soon."""
    if not may(acting, "connect_channel"):
        return Channel.objects.none()
    ends = Q(state=Channel.State.ACTIVE, until__lt=now + SOON)
    return channels_visible_to(acting).filter(Q(state=Channel.State.BROKEN) | ends).select_related("account")
