"""提醒 and 督办, on working days from the hour of reminders on."""

from __future__ import annotations

from datetime import time

from django.conf import settings

from xinmei.core.reminders import is_open
from xinmei.jobs.handlers import Run, handler, hourly
from xinmei.urging.briefing import brief
from xinmei.urging.escalating import escalate
from xinmei.urging.reminders import send_reminders

HOUR = time.fromisoformat(settings.REMIND_AT)
WORKING_HOURS = hourly(
    f"工作日 {settings.REMIND_AT} 起，每小时", minute=HOUR.minute, needed=lambda now: is_open(now, HOUR)
)


@handler("remind", title="合并提醒", every=WORKING_HOURS)
def remind(run: Run) -> str:
    """One message a unit a day; what is urgent may go later on the same day.

    Leaders and supervisors hear what is new.
    """
    sent, briefed = send_reminders(run.now), brief(run.now)
    said = f"提醒 {len(sent)} 个单位，合并 {sum(one.merged for one in sent)} 件。" if sent else "没有要提醒的。"
    return f"{said}每日情况 {briefed} 条。" if briefed else said


@handler("escalate", title="督办和逾期升级", every=WORKING_HOURS)
def urge(run: Run) -> str:
    """What is past its term is urged; what is urged in vain is told to the leader, then to the supervisor."""
    tally = escalate(run.now)
    told = f"提醒分管领导 {tally.to_leaders} 件，报主管 {tally.to_supervisors} 件"
    return f"新督办 {tally.issued} 件，办结 {tally.closed} 件，{told}。"
