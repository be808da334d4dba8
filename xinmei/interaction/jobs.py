"""What interaction does in the background."""

from __future__ import annotations

from datetime import timedelta

from xinmei.interaction.reckoning import outdated, reckon_outdated
from xinmei.interaction.search import INDEX
from xinmei.jobs.handlers import MONDAY, Every, Run, handler

REVIEWED = Every(
    timedelta(minutes=1),
    MONDAY,
    "每分钟看一次，口径、放假安排或规则有变时",
    needed=lambda now: outdated(now).exists(),
)
EVERY = Every(timedelta(minutes=5), MONDAY, "每 5 分钟一次，有新留言时", needed=lambda _: INDEX.is_behind())


@handler("index_messages", title="编制留言检索", long=True, every=EVERY)
def index_messages(run: Run) -> str:
    """Texts that came or changed since the last time."""
    count = INDEX.update(run.progress)
    return f"更新了 {count} 段检索。" if count else "没有新的留言。"


@handler("reckon_reply_terms", title="重算答复期限", long=True, every=REVIEWED)
def reckon_reply_terms(run: Run) -> str:
    """The terms that were stored under another reading, calendar or rule than today's."""
    count = reckon_outdated(run.now, run.progress)
    return f"重算了 {count} 条留言的答复期限。" if count else "答复期限都是按现行口径算的。"
