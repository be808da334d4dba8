"""The ranks of the running year, kept once a month, so that a page can show who moved."""

from __future__ import annotations

from datetime import datetime

from xinmei.assessment.models import Standing
from xinmei.assessment.queries import results_of
from xinmei.core.calendar import SHANGHAI
from xinmei.jobs.handlers import Run, daily, handler
from xinmei.registry.models import Unit


def is_missing(now: datetime) -> bool:
    """Whether nothing has been kept for this month yet."""
    today = now.astimezone(SHANGHAI).date()
    return not Standing.objects.filter(kept_on__gte=today.replace(day=1), kept_on__lte=today).exists()


@handler(
    "keep_standings",
    title="留存本月名次",
    long=True,
    every=daily("每月1日 1:30（停机的次日补）", hour=1, minute=30, needed=is_missing),
)
def keep_standings(run: Run) -> str:
    """Keeps the rank of every unit as it stands. A month that has some is left alone."""
    today = run.now.astimezone(SHANGHAI).date()
    if not is_missing(run.now):
        return "本月名次已经留存。"
    units = {unit.code: unit for unit in Unit.objects.all()}
    kept = [
        Standing(year=today.year, unit=units[one.unit], kept_on=today, rank=one.rank)
        for one in results_of(today.year)
        if one.rank is not None and one.unit in units
    ]
    Standing.objects.bulk_create(kept, ignore_conflicts=True)
    return f"留存 {len(kept)} 个单位的名次。" if kept else "还没有单位有名次，没有可留存的。"
