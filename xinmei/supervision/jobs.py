"""§十 work that takes minutes: the weekly full inspection, one that a person starts, and the weekly drill (自测)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from xinmei.jobs.handlers import JobFailed, Parts, Run, daily, handler, weekly
from xinmei.packs.in_use import current_screen
from xinmei.pages.texts import say_day
from xinmei.screening.drilling import drill, monday_of
from xinmei.screening.jobs import screen_or_share_out
from xinmei.supervision.inspecting import Result, Round, find_standing, groups_of, inspect, open_round, put_together
from xinmei.supervision.judged import confirmed_in
from xinmei.supervision.judging import Judged, judge
from xinmei.supervision.pass_rates import keep_rates
from xinmei.supervision.watches import Window
from xinmei.units.models import Unit

# 「每周将对全市政务新媒体运维情况开展全覆盖检查」: early on Monday, when the feeds have been read to the end of Sunday.
WEEKLY = weekly("每周一 6:00", hour=6, makes_up=8)


def _tell(run: Run) -> Callable[[str, int, int], None]:
    return lambda sentence, done, total: run.progress(done, total, sentence)


@handler("inspection", title="全覆盖检查", right="inspect", long=True, every=WEEKLY, alone=True)
def inspect_as_asked(run: Run) -> str | Parts:
    """Inspects as of the moment at which the job came due or was asked for, however late it runs.

    `unit` is the code of a unit; "" means the whole city. A large round is done in parts: first the texts are read,
    then the accounts judged, then all is put together.
    """
    code = run.arguments.get("unit", "")
    unit = Unit.objects.filter(code=code).first() if code else None
    if code and unit is None:
        raise JobFailed(f"没有代码为“{code}”的单位，可能已被并入别的单位；请重新选择范围再开始。")
    one = open_round(run.due_at, unit)
    if (standing := find_standing(one)) is not None:
        return _say(standing, unit, run)
    parts = [part for part in run.parts if part.kind == "inspection_part" and part.arguments["round"] == _name(one)]
    if parts:
        judged = [Judged.from_text(part.result["judged"]) for part in parts]
        return _say(put_together(one, judged, run.by, run.clock()), unit, run)
    left = screen_or_share_out(one.screen, run)
    if isinstance(left, Parts):
        return left
    if (accounts := _share_out_accounts(one)) is not None:
        return accounts
    return _say(inspect(run.due_at, by=run.by, clock=run.clock, unit=unit, progress=_tell(run)), unit, run)


def _say(result: Result, unit: Unit | None, run: Run) -> str:
    one = result.inspection
    run.result = {"address": reverse("round", args=[one.pk]), "address_title": "看检查结果"}
    return (
        f"{unit or '全市'}在用账号 {one.inspected} 个，看不清 {one.could_not_observe} 个；"
        f"新发现问题 {len(result.raised)} 个，另有待办问题 {result.standing} 个。"
    )


def _name(one: Round) -> dict[str, Any]:
    """By what the parts of a round are judged. What was judged by anything else is not put together with it."""
    return {"edition": one.edition, "readings": dict(one.window.readings), "screening": one.screen.version}


def _share_out_accounts(one: Round) -> Parts | None:
    """The accounts in parts; None where they are so few that the round is held in one go."""
    groups = groups_of(one)
    if len(groups) < 2:
        return None
    at = one.window.at.isoformat()
    arguments = [{"round": _name(one), "at": at, "accounts": group} for group in groups]
    return Parts("inspection_part", arguments, "检查账号")


@handler("inspection_part", title="检查的一份", long=True)
def judge_part(run: Run) -> str:
    """One part of a round. Arguments: `round`, by what it is judged; `at`, its moment; `accounts`, their numbers."""
    by, group = run.arguments["round"], run.arguments["accounts"]
    window = Window(datetime.fromisoformat(run.arguments["at"]).astimezone(UTC), by["readings"])
    run.progress(0, len(group), "检查账号")
    run.result = {"judged": judge(group, window, by["screening"]).as_text()}
    run.progress(len(group), len(group))
    return f"账号 {len(group)} 个。"


@handler("drill", title="自测", right="rescreen", every=weekly("每周一 7:00", hour=7))
def drill_last_week(run: Run) -> str:
    """Plants known faults into copies of last week's posts and counts what the rules in use find."""
    monday = monday_of(run.due_at)
    row = drill(monday, current_screen(), run.due_at, confirmed_in)
    run.result = {"address": reverse("drills"), "address_title": "看自测结果"}
    if row is None:
        return f"{say_day(monday)}起的一周没有信息，无从自测。"
    planted, found = sum(line["planted"] for line in row.lines), sum(line["found"] for line in row.lines)
    return f"埋设 {planted} 处，查出 {found} 处。"


@handler("keep_rates", title="重算各月合格率", long=True, every=daily("每天 2:10", hour=2, minute=10))
def reckon_rates(run: Run) -> str:
    """The pass rates of the last twelve months, as the findings stand now."""
    return f"重算 {keep_rates(run.now)} 个月的合格率。"
