"""Reading the feeds of all accounts, every hour."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from xinmei.collectors.feeds.actions import Seen, collect
from xinmei.collectors.models import Feed
from xinmei.fetching import read_networks
from xinmei.jobs.handlers import JobFailed, Run, handler, hourly
from xinmei.settings import setting


def has_feeds(now: datetime) -> bool:
    """Whether any account has an address to read."""
    return Feed.objects.exists()


@handler("collect", title="读取采集地址", long=True, every=hourly("每小时", minute=5, needed=has_feeds))
def read_feeds(run: Run) -> str:
    """Each feed once; a look is stored for each try. What cannot be seen is a look too, and no reason to try the whole again."""
    try:
        allow = read_networks(setting("FETCH_ALLOW"))
    except ValueError as error:
        raise JobFailed(f"设置 XINMEI_FETCH_ALLOW 写得不对（{error}），应是若干网段，如 10.1.0.0/16,192.168.3.5/32；请系统管理员改正。") from None
    feeds = list(Feed.objects.select_related("account"))
    outcomes: Counter[str] = Counter()

    def tell(seen: Seen) -> None:
        outcomes[seen.outcome] += 1
        run.progress(outcomes.total(), len(feeds), "读取采集地址")

    collect(feeds, by=run.by, at=run.now, allow=allow, tell=tell)
    return f"读了 {len(feeds)} 个地址，看全 {outcomes['complete']} 个，没有看全 {len(feeds) - outcomes['complete']} 个。"
