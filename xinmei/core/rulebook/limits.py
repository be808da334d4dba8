"""The numbers of the law that the code counts with, each as in force on a day. None of them stands in the code itself.

All raise UnknownSet for a day before the first edition.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from xinmei.core.rulebook.editions import Criterion, UnknownSet
from xinmei.core.rulebook.files import RULES, Row, RulebookError, read_table
from xinmei.core.rulebook.indicators import dated_files, indicator_set


def _criterion(set_id: str, name: str, on: date) -> Criterion:
    return indicator_set(set_id, on=on).criteria[name]


def _count(criterion: Criterion, name: str) -> int:
    value = criterion.params.get(name)
    if type(value) is not int or value < 1:
        raise RulebookError(f"细则 {criterion.set}/{criterion.criterion} 的 params 应写 {name}，是正整数")
    return value


def silence(on: date) -> timedelta:
    """「监测时间点前2周内无更新」: how long an account may be silent."""
    return timedelta(days=_count(_criterion("inspection", "silent_two_weeks", on), "silent_days"))


def originals_owed(on: date) -> int:
    """「每个政务新媒体全年发布原创类政务信息要达到50条（含）以上」."""
    return _count(_criterion("assessment", "originals_short", on), "target")


def points_for_late_rectification(on: date) -> Decimal:
    """「对反馈的问题未在1个工作日整改到位的，每次扣5分」."""
    return _criterion("assessment", "late_rectification", on).points


def points_for_one_failed(on: date) -> Decimal:
    """「在省政府办公厅开展的抽查检查中……（出现1个的，扣50分）」."""
    return _criterion("assessment", "province_sample_one_failed", on).points


@cache
def _reminding(on: date) -> Row:
    files = dated_files(RULES / "reminders")["silence"]
    in_force = [path for day, path in files if day <= on]
    if not in_force:
        raise UnknownSet(f"将断更的提醒自 {files[0][0]} 起施行，{on} 尚无版本可用")
    row = read_table(in_force[-1])
    row.check_keys(("title", "document", "clause", "in_force", "marks", "warn", "hit", "near_miss"))
    marks = row["marks"]
    if not marks or marks != sorted(set(marks)) or any(type(mark) is not int or mark < 1 for mark in marks):
        raise row.fault(f"marks 应是从小到大的天数，写的是 {marks!r}")
    if row["warn"] not in marks:
        raise row.fault(f"warn 应是 marks 中的一档，写的是 {row['warn']!r}")
    for name in ("hit", "near_miss"):
        example = row.row(name).check_keys(("case", "silent", "mark"))
        reached = max((mark for mark in marks if mark <= example["silent"]), default=None)
        if (reached == example["mark"]) != (name == "hit"):
            raise example.fault(f"{name} 与 marks 不符：距最近一次更新 {example['silent']} 天属于 {reached} 天一档")
    return row


def silence_marks(on: date) -> tuple[int, ...]:
    """The days of silence on which a unit is reminded, in their order."""
    return tuple(_reminding(on)["marks"])


def silence_warning(on: date) -> timedelta:
    """From how long a silence on an account is shown as about to lapse (将断更)."""
    return timedelta(days=_reminding(on)["warn"])
