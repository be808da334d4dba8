"""What the API does in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from xinmei.api.models import KeptReply
from xinmei.api.once import KEPT
from xinmei.api.webhooks.actions import end_forgotten
from xinmei.api.webhooks.sending import due, tell_webhooks
from xinmei.jobs.handlers import MONDAY, Every, Run, daily, handler


def is_waiting(now: datetime) -> bool:
    """Whether anything is to be told."""
    return due(now).exists()


@handler(
    "push",
    title="推送",
    every=Every(timedelta(minutes=1), MONDAY, "每分钟，有待推送的动作时", needed=is_waiting),
)
def push(run: Run) -> str:
    """Tells the programs of other offices what was done."""
    tally = tell_webhooks(run.clock)
    return f"推送 {tally.sent} 条，稍后再推的地址 {tally.postponed} 个，停止的地址 {tally.stopped} 个。"


@handler("forget_replies", title="清理接口的答复", every=daily("每天 3:40", hour=3, minute=40))
def forget(run: Run) -> str:
    """Answers are kept for the 24 hours in which a request may come again."""
    gone, _ = KeptReply.objects.filter(started_at__lt=run.now - KEPT).delete()
    return f"清理 {gone} 条。"


@handler("end_webhooks", title="终止久停的推送", every=daily("每天 3:45", hour=3, minute=45))
def end_webhooks(run: Run) -> str:
    """What waits behind a webhook that stopped is not kept for ever."""
    return f"终止 {end_forgotten(run.now)} 个。"
