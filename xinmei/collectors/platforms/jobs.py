"""Reading the accounts whose interfaces are written down, every hour."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from xinmei.collectors.platforms.actions import channels_to_read, read_channel
from xinmei.jobs.handlers import Run, handler, hourly


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
