"""Comments under what was published, by the platforms that have an interface for them.

Whoever answers looks at the comment before, and before anything is sent again (`collectors/platforms/errands.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from xinmei.publishing.channels.commenting.interface import Commenting
from xinmei.publishing.channels.commenting.wechat import WeChatComments
from xinmei.publishing.channels.commenting.weibo import WeiboComments
from xinmei.registry.models import Account

COMMENTING: dict[str, Callable[[Callable[[], datetime]], Commenting]] = {
    Account.Platform.WECHAT: WeChatComments,
    Account.Platform.WEIBO: WeiboComments,
}


def commenting_for(account: Account, clock: Callable[[], datetime]) -> Commenting:
    """The comments of an account's platform. Raises KeyError where it has no interface for them."""
    return COMMENTING[account.platform](clock)
