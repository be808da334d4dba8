"""The year of the made city as its offices lived it: inspections, decisions, cures.

Every page thus has something to show.

What each person decides follows from the numbers of the findings alone: the same city lives the same year.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from xinmei.acts.performing import perform
from xinmei.collectors.demo.chasing import chase, leave_one_undelivered, urge_one
from xinmei.people.doors import actings_by_login
from xinmei.people.events import SYSTEM, Acting
from xinmei.people.models import PositionHeld
from xinmei.supervision.inspecting import Result, inspect
from xinmei.supervision.models import Finding

INSPECTOR, HEAD = "city.inspector", "city.head"
REASONS = ("核对原文，引用他人说法，不属于差错", "功能为第三方提供，已在页面公告", "经核实为专有名称，不予认定")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Progress = Callable[[str, int, int], None]
Clock = Callable[[], datetime]


def live_a_year(until: datetime, clock: Clock, progress: Progress | None = None) -> Result:
    """Inspects on the first Monday of each month and on the last four Mondays.

    It decides and cures what was found before the last week.
    """
    mondays = [until - timedelta(weeks=week) for week in range(53)]
    mondays = sorted(
        at for at in mondays if at.year == until.year and (at.day <= 7 or until - at <= timedelta(weeks=3))
    )
    for number, at in enumerate(mondays[:-1], 1):
        inspect(at, by=SYSTEM, clock=clock)
        _decide(at + 2 * HOUR, last=at == mondays[-2])
        chase(at, 7 if until - at <= timedelta(weeks=3) else 1, until)
        if progress:
            progress("演示往期检查", number, len(mondays) - 1)
    urge_one(INSPECTOR, until - HOUR)
    leave_one_undelivered()
    return inspect(until, by=SYSTEM, clock=clock, progress=progress)


def _decide(at: datetime, last: bool) -> None:
    """Most is confirmed, one in nine dismissed.

    A part of the week before the last inspection still waits, so that terms are running.
    """
    suspected = list(
        Finding.objects.filter(status=Finding.Status.SUSPECTED).order_by("pk").values_list("pk", flat=True)
    )
    dismissed = [pk for pk in suspected if pk % 9 == 4]
    confirmed = [pk for pk in suspected if pk % 9 not in (4, 7)]
    for place, pk in enumerate(dismissed):
        perform(
            "finding.dismiss",
            pk,
            by=actings_by_login(INSPECTOR, at),
            at=at,
            given={"why": REASONS[place % len(REASONS)]},
        )
    if confirmed:
        # what is confirmed on the Friday before is due on the next Monday
        _confirm_and_cure(confirmed, at + 4 * DAY if last else at, last)


def _confirm_and_cure(confirmed: list[int], sent_at: datetime, last: bool) -> None:
    inspectors = actings_by_login(INSPECTOR, sent_at)
    for finding in perform("finding.confirm", confirmed, by=inspectors, at=sent_at).objects:
        if last and finding.pk % 3:
            continue
        assert finding.rectify_by is not None
        late = finding.pk % 17 == 3
        cured_at = finding.rectify_by + 5 * HOUR if late else sent_at + timedelta(minutes=30 + finding.pk * 7 % 400)
        said = {"note": "已更正并举一反三，加强校对"}
        perform("finding.rectify", finding.pk, by=_editor_of(finding, cured_at), at=cured_at, given=said)
        if finding.pk % 13 != 5:
            checked = {"cured": finding.pk % 19 != 6, "note": "已复查"}
            perform("finding.recheck", finding.pk, by=inspectors, at=cured_at + 3 * HOUR, given=checked)


@cache
def _editors() -> dict[int, str]:
    return dict(PositionHeld.objects.filter(position="editor").order_by("-pk").values_list("unit_id", "person__login"))


def _editor_of(finding: Finding, at: datetime) -> list[Acting]:
    """The editor of the unit. Where nobody logs in for it, the system enters what was reported by telephone."""
    login = _editors().get(finding.unit_id)
    return actings_by_login(login, at) if login else [SYSTEM]
