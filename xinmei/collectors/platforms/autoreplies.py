"""The automatic replies of an account by its interface, once a day. What cannot be seen is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from xinmei.collectors.platforms.comments import write_look
from xinmei.interaction.autoreplies.checking import When, store
from xinmei.interaction.models import AutoReply, PlatformLook
from xinmei.publishing.channels.autoreplies import read_automatic
from xinmei.publishing.channels.faults import Fault
from xinmei.publishing.models import Channel

Outcome, AUTOMATIC = PlatformLook.Outcome, PlatformLook.Thing.AUTOMATIC


def read_account(channel: Channel, clock: Callable[[], datetime]) -> bool:
    """Stores what the account answers by itself; whether it could be seen. Where not, what was seen before stands."""
    try:
        found = read_automatic(channel, clock)
    except Fault as fault:
        write_look(channel.account, AUTOMATIC, Outcome.FAILED, fault.said, clock())
        return False
    rules = [
        AutoReply(when=one.when, name=one.name[:200], keywords=list(one.keywords), text=one.text, other=one.other)
        for one in found
    ]
    store(channel.account, rules, [When.FOLLOW, When.MESSAGE, When.KEYWORD], clock())
    write_look(channel.account, AUTOMATIC, Outcome.COMPLETE, "", clock())
    return True
