"""What the door out does in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from xinmei.jobs.handlers import MONDAY, Every, Run, handler
from xinmei.notices.actions import deliver_waiting
from xinmei.notices.models import Delivery


def is_waiting(now: datetime) -> bool:
    """Whether anything is to be sent."""
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lte=now).exists()


@handler(
    "deliver",
    title="发送消息",
    every=Every(timedelta(minutes=1), MONDAY, "每分钟，有待发送的消息时", needed=is_waiting),
)
def deliver(run: Run) -> str:
    """Sends by mail, robot and SMS, as far as they are configured."""
    tally = deliver_waiting(run.now)
    return (
        f"发出 {tally.sent} 封，稍后重试 {tally.postponed} 封，未送达 {tally.failed} 封，不再发送 {tally.dropped} 封。"
    )
