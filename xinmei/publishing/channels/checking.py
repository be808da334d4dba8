"""Whether the interfaces work, once a day and after each change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.events import SYSTEM, record
from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.channels.publishers import publisher_for

State = Channel.State


def check_channel(channel: Channel, clock: Callable[[], datetime]) -> bool | None:
    """Whether it works; None where that could not be seen this time, and nothing is said about it."""
    asked_with = channel.sealed_secret
    try:
        publisher_for(channel.account, clock).check(channel)
    except Fault as fault:
        if fault.means is not Means.PERSON:
            return None
        _write(channel, asked_with, clock(), State.BROKEN, fault)
        return False
    _write(channel, asked_with, clock(), State.ACTIVE, None)
    return True


def _write(channel: Channel, asked_with: str, now: datetime, state: State, fault: Fault | None) -> None:
    """What was found; nothing where another secret was written meanwhile."""
    with transaction.atomic():
        row = Channel.objects.select_for_update().get(pk=channel.pk)
        if row.sealed_secret != asked_with or row.state == State.ENDED:
            return
        before, row.checked_at = row.state, now
        row.owner, row.until = channel.owner, channel.until
        row.code, row.said, row.todo = (fault.code, fault.said, fault.todo) if fault else ("", "", "")
        if before != state:
            row.state, row.since = state, now
            content = {"account": channel.account.code, "before": before, "after": state, "code": row.code}
            record("channel.checked", by=SYSTEM, at=now, kind="channel", number=row.pk, content=content)
        row.save(update_fields=["state", "since", "checked_at", "owner", "until", "code", "said", "todo"])
        if before != state and state == State.BROKEN:
            tell([_notice(row, now)], at=now)


def _notice(channel: Channel, now: datetime) -> Notice:
    return Notice(
        kind=Notice.Kind.DRAFT,
        key=f"channel-{channel.pk}-{now.timestamp():.0f}",
        thing="drafts",
        about=channel.account.unit,
        audience=Notice.Audience.EDITORS,
        unit=channel.account.unit,
        title=f"平台接口不能用了：{channel.account.name}",
        text=f"{channel.said}。{channel.todo}",
        address="/channels/",
    )
