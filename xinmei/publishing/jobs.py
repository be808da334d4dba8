"""What publishing does in the background."""

from __future__ import annotations

from datetime import timedelta

from xinmei.jobs.handlers import MONDAY, Every, Run, handler
from xinmei.publishing.channels.jobs import check_channels, send_out
from xinmei.publishing.search import INDEX

__all__ = ["check_channels", "index_posts", "send_out"]
EVERY = Every(timedelta(minutes=5), MONDAY, "每 5 分钟一次，有新信息时", needed=lambda _: INDEX.is_behind())


@handler("index_posts", title="编制信息检索", long=True, every=EVERY)
def index_posts(run: Run) -> str:
    """Texts that came or changed since the last time."""
    count = INDEX.update(run.progress)
    return f"更新了 {count} 段检索。" if count else "没有新的信息。"
