"""The running year is reckoned again when something has moved; its ranks are kept once a month, so that a page can
show who moved.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from xinmei.assessment.models import Standing
from xinmei.assessment.stored import KIND, edition_of, read_results, reckon, revision_now, stored
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import UnknownSet
from xinmei.jobs.handlers import MONDAY, Every, Run, daily, handler
from xinmei.units.models import Unit


def is_outdated(now: datetime) -> bool:
    """Whether the running year has moved since it was reckoned last. The years before are reckoned when asked for."""
    known = stored(now.astimezone(SHANGHAI).year)
    return known is None or known.revision != revision_now()


@handler(
    KIND,
    title="核算年度成绩",
    long=True,
    every=Every(timedelta(minutes=1), MONDAY, "每分钟看一次，有变动时", needed=is_outdated),
)
def reckon_year(run: Run) -> str:
    """Reckons the year that a page asked for, or the running one."""
    year = int(run.arguments.get("year", run.now.astimezone(SHANGHAI).year))
    try:
        reckon(year, run.now)
    except UnknownSet:
        return f"{year}年还没有施行附件2，不核算。"
    return f"{year}年的成绩已按现有情况核算。"


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
        for one in read_results(json.loads(reckon(today.year, run.now).document), edition_of(today.year))
        if one.rank is not None and one.unit in units
    ]
    Standing.objects.bulk_create(kept, ignore_conflicts=True)
    return f"留存 {len(kept)} 个单位的名次。" if kept else "还没有单位有名次，没有可留存的。"
