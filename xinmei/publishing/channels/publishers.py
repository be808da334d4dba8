"""The publisher of each platform that has an interface. All others go by the kit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from xinmei.publishing.channels.interface import Publisher
from xinmei.publishing.channels.wechat import WeChat
from xinmei.publishing.channels.weibo import Weibo
from xinmei.registry.models import Account

Platform = Account.Platform
PUBLISHERS: dict[str, Callable[[Callable[[], datetime]], Publisher]] = {
    Platform.WECHAT: WeChat,
    Platform.WEIBO: Weibo,
}


def publisher_for(account: Account, clock: Callable[[], datetime]) -> Publisher:
    """The publisher of an account. Raises KeyError where its platform has none."""
    return PUBLISHERS[account.platform](clock)
