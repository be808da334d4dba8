"""The charts of 考核: each a question with its answer in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import quantiles

from xinmei.assessment.queries import Place
from xinmei.core.rulebook import Criterion
from xinmei.core.scoring import show_decimal
from xinmei.pages.charts import Bar, Chart

FEWEST = 5  # of fewer scores there is nothing to see in a spread


def spread_chart(label: str, places: Sequence[Place]) -> Chart | None:
    """How the final scores of a cohort lie: how many units in each ten points. None where they are few."""
    scores = sorted(one.result.final for one in places if one.result.final is not None)
    if len(scores) < FEWEST:
        return None
    low, middle, high = quantiles(scores, n=4, method="inclusive")
    bars = []
    for start in range(0, 100, 10):
        there = [one for one in places if one.result.final is not None and _ten(one.result.final) == start]
        name = f"{start} 至不到 {start + 10} 分" if start < 90 else "90 至 100 分"
        names = "、".join(one.unit.name for one in there) or "—"
        bars.append(Bar(name, len(there), (str(len(there)), names), str(start)))
    answer = (
        f"{len(scores)} 个单位从 {show_decimal(scores[0])} 到 {show_decimal(scores[-1])} 分，"
        f"中间一半在 {low:.0f} 到 {high:.0f} 分之间，居中的 {middle:.0f} 分。"
    )
    return Chart(f"{label}的得分拉开了多少？", answer, ("最终得分", "单位数", "单位"), bars)


def _ten(score: Decimal) -> int:
    """The ten points that a score lies in; 100 belongs to the highest."""
    return min(90, int(score) // 10 * 10)


def say_moves(places: Sequence[Place]) -> str:
    """Who rose and who fell most since ranks were last kept; "" where nobody moved."""
    moved = sorted((one for one in places if one.moved), key=lambda one: one.moved)
    if not moved:
        return ""
    risen, fallen = moved[-1], moved[0]
    said = []
    if risen.moved > 0:
        said.append(f"升得最多的是{risen.unit.name}（升 {risen.moved} 名）")
    if fallen.moved < 0:
        said.append(f"降得最多的是{fallen.unit.name}（降 {fallen.fell} 名）")
    day = places[0].kept_on
    return f"自{day.month}月{day.day}日以来，{'，'.join(said)}。" if day else ""


def say_losses(losses: Sequence[tuple[Criterion, Decimal, list[str]]]) -> str:
    """Which criterion took most, and what part of all."""
    whole = sum((points for _, points, _ in losses), Decimal(0))
    if not whole:
        return ""
    criterion, points, findings = losses[0]
    part = (100 * points / whole).quantize(Decimal(1))
    return f"“{criterion.title}”：{len(findings)} 个问题，共扣 {points.normalize():f} 分，占全部扣分的 {part}%。"
