"""The outbox is emptied every minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from xinmei.jobs.handlers import MONDAY, Every, Run, handler, hourly
from xinmei.notices.actions import deliver_waiting, tell_of_standing_in
from xinmei.notices.models import Delivery


def is_waiting(now: datetime) -> bool:
    """Whether anything is due to be sent."""
    return Delivery.objects.filter(state=Delivery.State.WAITING, next_try_at__lte=now).exists()


@handler("deliver", title="发送消息", every=Every(timedelta(minutes=1), MONDAY, "每分钟，有待发消息时", needed=is_waiting))
def deliver(run: Run) -> str:
    """Mails, robots, text messages; what does not get through is tried again by the outbox itself."""
    tally = deliver_waiting(run.now)
    rest = [(tally.postponed, "稍后再发"), (tally.failed, "没有送达"), (tally.dropped, "不再发送")]
    return "，".join([f"发出 {tally.sent} 封", *(f"{said} {count} 封" for count, said in rest if count)]) + "。"


@handler("tell_of_standing_in", title="告知代行和交接", every=hourly("每小时", minute=10))
def tell_stand_ins(run: Run) -> str:
    """Those who were asked to stand in for somebody, or to take over a post."""
    return f"新告知 {len(tell_of_standing_in(run.now))} 人次。"
