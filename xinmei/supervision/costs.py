"""What a finding costs, in words: in one inspection (附件1) and in the year (附件2)."""

from __future__ import annotations

from xinmei.core.rulebook import Criterion, criteria, feeds
from xinmei.supervision.labels import criterion_of
from xinmei.supervision.models import Finding


def cost_in_year(finding: Finding) -> str:
    """附件2: 「信息发布：每次扣 2 分」."""
    if finding.set == "assessment":
        criterion = criterion_of(finding)
    else:
        fed = feeds().get((finding.set, finding.criterion))
        if fed is None or fed.to is None:
            return "不扣分" + ("，计入被发现问题总数" if fed and fed.problem else "")
        criterion = criteria()["assessment", fed.to]
    each = "每次" if criterion.counted == "each" else ""
    return f"{criterion.indicator_title}：{each}扣 {_points(criterion)} 分"


def say_cost(finding: Finding) -> str:
    """Both in one line: 「附件1单项否决，判定为不合格；附件2 信息发布：扣 20 分」."""
    criterion = criterion_of(finding)
    if finding.set != "inspection":
        return f"附件2 {cost_in_year(finding)}"
    if criterion.kind == "VETO":
        once = "附件1 单项否决，判定为不合格"
    else:
        once = f"附件1 {'每次' if criterion.counted == 'each' else ''}扣 {_points(criterion)} 分"
    return f"{once}；附件2 {cost_in_year(finding)}"


def _points(criterion: Criterion) -> str:
    return f"{criterion.points.normalize():f}"
