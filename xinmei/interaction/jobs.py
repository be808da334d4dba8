"""What interaction does in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from xinmei.interaction.autoreplies.checking import store_seen
from xinmei.interaction.models import Reply
from xinmei.interaction.owed import RECENT
from xinmei.interaction.reckoning import outdated, reckon_outdated
from xinmei.interaction.search import INDEX
from xinmei.jobs.handlers import MONDAY, Every, Run, daily, handler
from xinmei.registry.models import Account

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


def has_automatic(now: datetime) -> bool:
    """Whether any reply of the last month was automatic."""
    return _seen_automatic(now).exists()


def _seen_automatic(now: datetime) -> QuerySet[Reply]:
    return Reply.objects.filter(automatic=True, replied_at__gt=now - RECENT, replied_at__lte=now)


@handler(
    "look_at_auto_replies",
    title="看自动回复",
    long=True,
    every=daily("每天 6:40", hour=6, minute=40, needed=has_automatic),
)
def look_at_auto_replies(run: Run) -> str:
    """Lists what messages showed to be automatic, and looks it through."""
    accounts = Account.objects.filter(pk__in=_seen_automatic(run.now).order_by().values("message__account"))
    counts = [store_seen(account, run.now) for account in accounts]
    return f"列出了 {len(counts)} 个账号在留言里见到的 {sum(counts)} 种自动回复。"
