"""What filings wait for is told by the hour, on working days."""

from __future__ import annotations

from datetime import time

from django.conf import settings

from xinmei.core.reminders import is_open
from xinmei.jobs.handlers import Run, handler, hourly
from xinmei.registry.filings.rising import remind_and_raise

HOUR = time.fromisoformat(settings.REMIND_AT)
WORKING_HOURS = hourly(
    f"工作日 {settings.REMIND_AT} 起，每小时", minute=HOUR.minute, needed=lambda now: is_open(now, HOUR)
)


@handler("filings_risen", title="备案到期提醒和逾期上报", every=WORKING_HOURS)
def remind(run: Run) -> str:
    """Whoever has a filing is reminded on the last day; once the step is late, the office above hears of it too."""
    tally = remind_and_raise(run.now)
    if not (tally.reminded or tally.risen):
        return "没有到期的备案。"
    return f"提醒 {tally.reminded} 件，逾期上报 {tally.risen} 件。"
