"""The charts of 检查: each a question with its answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.charts import Bar, Chart, Steps, step_by
from xinmei.supervision.models import Inspection
from xinmei.supervision.pass_rates import MonthRate
from xinmei.supervision.rounds import Round
from xinmei.supervision.trends import PastWeek
from xinmei.units.models import Unit

NO_ROUND = "没有检查"


def _than(now: float, before: float | None, counter: str = "个") -> str:
    if before is None:
        return ""
    if now == before:
        return "，和上一次一样"
    return f"，比上一次{'多' if now > before else '少'} {abs(now - before):g} {counter}"


def trend_charts(weeks: Sequence[PastWeek]) -> list[Chart]:
    """Faults, what could not be seen, and cures over the weeks."""
    return [_faults(weeks), _unseen(weeks), _cures(weeks)]


def _address(week: PastWeek) -> str:
    return reverse("round", args=[week.rounds[-1].pk]) if week.rounds else ""


def _faults(weeks: Sequence[PastWeek]) -> Chart:
    with_round = [week for week in weeks if week.rounds]
    now, before = with_round[-1], with_round[-2] if len(with_round) > 1 else None
    most = max(with_round, key=lambda week: week.faults)
    answer = f"本周 {now.faults} 个{_than(now.faults, before.faults if before else None)}"
    if before and most is not now:
        answer += f"；最多的一周 {most.faults} 个（{most.monday.month}月{most.monday.day}日起）"
    bars = [
        Bar(
            week.said,
            week.faults if week.rounds else None,
            _cells(week, week.faults, week.vetoes),
            week.tick,
            week.vetoes,
            _address(week),
        )
        for week in weeks
    ]
    return Chart(
        "13 周里问题多了还是少了？", f"{answer}。红色是单项否决。", ("周", "问题", "单项否决"), bars, "f-3", NO_ROUND
    )


def _cells(week: PastWeek, *numbers: int) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers) if week.rounds else (NO_ROUND, *("—" for _ in numbers[1:]))


def _unseen(weeks: Sequence[PastWeek]) -> Chart:
    with_round = [week for week in weeks if week.rounds]
    now, before = with_round[-1], with_round[-2] if len(with_round) > 1 else None
    answer = f"本周 {now.looked} 个里 {now.unseen} 个{_than(now.unseen, before.unseen if before else None)}。"
    bars = [
        Bar(
            week.said,
            week.unseen if week.rounds else None,
            _cells(week, week.unseen, week.looked),
            week.tick,
            address=_address(week),
        )
        for week in weeks
    ]
    return Chart("有多少账号看不清？", answer, ("周", "看不清", "在用"), bars, "hatch", NO_ROUND)


def _cures(weeks: Sequence[PastWeek]) -> Chart:
    cured = [week for week in weeks if week.hours is not None]
    sent, in_time = sum(week.sent for week in weeks), sum(week.in_time for week in weeks)
    answer = "这 13 周反馈的问题还没有报整改的。"
    if cured:
        last, slowest = cured[-1], max(cured, key=lambda week: week.hours or 0)
        answer = f"{_say_day(last)}那周反馈的平均 {_hours(last)} 小时"
        if slowest is not last:
            answer += f"，最慢的是 {_say_day(slowest)}那周（{_hours(slowest)} 小时）"
        answer += f"；{sent} 个里 {in_time} 个按期。"
    bars = [
        Bar(week.said, week.hours or 0.0, (_hours(week), str(week.in_time), str(week.cured), str(week.sent)), week.tick)
        for week in weeks
    ]
    heads = ("反馈的那一周", "平均小时", "按期", "已报整改", "反馈")
    return Chart("从反馈到报整改要多久？", answer, heads, bars, "f-2")


def _say_day(week: PastWeek) -> str:
    return f"{week.monday.month}月{week.monday.day}日"


def _hours(week: PastWeek) -> str:
    return "—" if week.hours is None else f"{week.hours:.0f}"


def pass_rate_chart(kept: Sequence[MonthRate]) -> Chart | None:
    """What did not pass, month by month; None where fewer than two months are kept."""
    judged = [one for one in kept if one.rate is not None]
    if len(judged) < 2:
        return None
    now, before, worst = judged[-1], judged[-2], min(judged, key=lambda one: one.rate or 0)
    answer = f"{now.said}合格率 {now.rate}%，{before.said} {before.rate}%"
    if worst is not now and worst is not before:
        answer += f"；最低的是{worst.said}，{worst.rate}%"
    answer += "。柱高是不合格率。"
    if worst.rate == 100:
        answer = f"{judged[0].said}以来各月都没有不合格的账号。"
    bars = []
    for one in kept:
        failing = None if one.rate is None else 100 - one.rate
        said = ("—", "—") if one.rate is None else (f"{failing}%", f"{one.rate}%")
        cells = (*said, str(one.failed), str(one.judged))
        value = None if failing is None else float(failing)
        bars.append(Bar(one.said, value, cells, f"{one.at.month}月", address=reverse("round", args=[one.round_id])))
    heads = ("当月最后一次检查", "不合格率", "合格率", "不合格", "看清并评分")
    return Chart("这一年合格率是升是降？", answer, heads, bars, "f-red", "没有看清的账号")


def unseen_chart(trend: Sequence[tuple[Inspection, int, int]]) -> Chart:
    """What rounds could not see; `trend` is (round, accounts, unseen), the newest first."""
    bars = []
    for one, total, unseen in reversed(trend):
        day = one.at.astimezone(SHANGHAI)
        name = f"{day.year}年{day.month}月{day.day}日"
        cells = (str(unseen), str(total))
        bars.append(Bar(name, unseen, cells, f"{day.month}月{day.day}日"[:6], address=reverse("round", args=[one.pk])))
    last = trend[0]
    answer = f"最近一次 {last[1]} 个里 {last[2]} 个{_than(last[2], trend[1][2] if len(trend) > 1 else None)}。"
    return Chart("历次检查有多少账号看不清？", answer, ("检查", "看不清", "在用"), bars, "hatch")


@dataclass(frozen=True)
class Heat:
    """县区、部门 × 平台: each number with its step of shade."""

    steps: Steps
    rows: list[tuple[Unit, list[tuple[str, int, int]], int]]


def heat_of(one: Round, most: int = 20) -> Heat:
    """The branches with most faults."""
    shown = one.branches[:most]
    steps = step_by(count for _, cells, _ in shown for _, count in cells)
    rows = [(unit, [(key, count, steps.of(count)) for key, count in cells], total) for unit, cells, total in shown]
    return Heat(steps, rows)
