"""The accounts whose interfaces are written down: read every hour; every few seconds what is to be done there."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from xinmei.collectors.platforms import autoreplies
from xinmei.collectors.platforms.actions import channels_of, channels_to_read, read_channel
from xinmei.collectors.platforms.comments import read_account
from xinmei.collectors.platforms.errands import carry_on
from xinmei.interaction.models import Errand
from xinmei.jobs.handlers import MONDAY, Every, Run, daily, handler, hourly
from xinmei.publishing.channels.commenting import COMMENTING
from xinmei.registry.models import Account

AT_ONCE = 20


def has_any(now: datetime) -> bool:
    """Whether any account can be read by its interface."""
    return bool(channels_to_read())


@handler("read_channels", title="按平台接口采集", long=True, every=hourly("每小时", minute=25, needed=has_any))
def read_channels(run: Run) -> str:
    """Reads each account once. What cannot be seen is a look too."""
    channels = channels_to_read()
    outcomes: Counter[str] = Counter()
    for channel in channels:
        run.progress(outcomes.total(), len(channels), "按平台接口采集")
        outcomes[read_channel(channel, run.clock).outcome] += 1
    whole = outcomes["complete"]
    return f"按接口看了 {len(channels)} 个账号，看全 {whole} 个，没有看全 {len(channels) - whole} 个。"


def has_comments(now: datetime) -> bool:
    """Whether the comments of any account can be read by its interface."""
    return bool(channels_of(COMMENTING))


@handler("read_comments", title="采集评论", long=True, every=hourly("每小时", minute=35, needed=has_comments))
def read_comments(run: Run) -> str:
    """Reads the comments of each account once. Without the right to see them that is said, and is not "none"."""
    channels = channels_of(COMMENTING)
    outcomes: Counter[str] = Counter()
    for channel in channels:
        run.progress(outcomes.total(), len(channels), "采集评论")
        outcomes[read_account(channel, run.clock)] += 1
    whole = outcomes["complete"]
    return f"看了 {len(channels)} 个账号的评论，看全 {whole} 个，没有看全 {len(channels) - whole} 个。"


def due(now: datetime) -> list[int]:
    """The errands whose moment has come, the longest first."""
    rows = Errand.objects.filter(state__in=Errand.OPEN, next_at__lte=now).order_by("next_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


EVERY = Every(timedelta(seconds=20), MONDAY, "每 20 秒一次，有要发的答复、审看时", needed=lambda now: bool(due(now)))


@handler("run_errands", title="把答复和审看发到平台", every=EVERY)
def run_errands(run: Run) -> str:
    """Takes what is due as far as it goes. A second run finds each where the first left it."""
    numbers = due(run.clock())
    for place, number in enumerate(numbers):
        run.progress(place, len(numbers), "发到平台")
        carry_on(number, run.clock)
    return f"办了 {len(numbers)} 件，各自的结果见留言页。"


def has_automatic(now: datetime) -> bool:
    """Whether the automatic replies of any account can be read by its interface."""
    return bool(channels_of([Account.Platform.WECHAT]))


@handler(
    "read_auto_replies",
    title="采集自动回复",
    long=True,
    every=daily("每天 6:20", hour=6, minute=20, needed=has_automatic),
)
def read_auto_replies(run: Run) -> str:
    """Reads what each account answers by itself."""
    found = [autoreplies.read_account(channel, run.clock) for channel in channels_of([Account.Platform.WECHAT])]
    return f"看了 {len(found)} 个账号的自动回复，看不到的 {found.count(False)} 个。"
