"""What goes out, in the background: every few seconds what is due, once a day whether the interfaces work."""

from __future__ import annotations

from datetime import datetime, timedelta

from xinmei.jobs.handlers import MONDAY, Every, Run, daily, handler
from xinmei.publishing.channels.checking import check_channel
from xinmei.publishing.channels.driving import carry_on
from xinmei.publishing.channels.models import Channel, Sending

AT_ONCE = 20


def due(now: datetime) -> list[int]:
    """The sendings whose moment has come, the longest first."""
    rows = Sending.objects.filter(state__in=Sending.OPEN, next_at__lte=now).order_by("next_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


EVERY = Every(timedelta(seconds=20), MONDAY, "每 20 秒一次，有要发的稿件时", needed=lambda now: bool(due(now)))


@handler("send_out", title="发布到平台", every=EVERY)
def send_out(run: Run) -> str:
    """Takes what is due as far as it goes. A second run finds each where the first left it."""
    numbers = due(run.clock())
    for place, number in enumerate(numbers):
        run.progress(place, len(numbers), "发布到平台")
        carry_on(number, run.clock)
    return f"办了 {len(numbers)} 个发布任务，各自的结果见稿件页。"


def has_channels(now: datetime) -> bool:
    """Whether any interface is written down."""
    return Channel.objects.exclude(state=Channel.State.ENDED).exists()


@handler("check_channels", title="检查平台接口", every=daily("每天 6:10", hour=6, minute=10, needed=has_channels))
def check_channels(run: Run) -> str:
    """Asks every platform whether it takes our credentials; one of them where `channel` names it."""
    rows = Channel.objects.exclude(state=Channel.State.ENDED).select_related("account__unit")
    if number := run.arguments.get("channel"):
        rows = rows.filter(pk=number)
    found = [check_channel(one, run.clock) for one in rows]
    return (
        f"检查了 {len(found)} 个平台接口，可用 {found.count(True)} 个，不可用 {found.count(False)} 个，"
        f"没有看清 {found.count(None)} 个。"
    )
