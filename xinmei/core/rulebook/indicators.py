"""Indicator sets as dated editions: `rules/indicators/<id>.<day in force>.yaml`.

The newest edition in force on a day applies. A used edition is locked by its hash (`LOCK.yaml`): other numbers need a
new file with a new day, so that old results never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from xinmei.core.rulebook.editions import Criterion, Edition, UnknownSet
from xinmei.core.rulebook.files import RULES, RulebookError
from xinmei.core.rulebook.parsing import parse_edition

HOUSE_SETS = ("inspection", "assessment", "duty")


def dated_files(folder: Path) -> dict[str, list[tuple[date, Path]]]:
    """The files of each set, oldest edition first. An edition without a known day stands for every day."""
    found: dict[str, list[tuple[date, Path]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        set_id, _, day = path.stem.partition(".")
        if path.name == "LOCK.yaml":
            continue
        try:
            found.setdefault(set_id, []).append((date.fromisoformat(day) if day else date.min, path))
        except ValueError:
            raise RulebookError(f"{path.name}：文件名应为 标识.施行日期.yaml，如 inspection.2021-06-20.yaml") from None
    for set_id, editions in found.items():
        editions.sort()
        if len(editions) > 1 and editions[0][0] == date.min:
            raise RulebookError(
                f"指标 {set_id} 的版本重叠：{editions[0][1].name} 没有施行日期，不能与 {editions[1][1].name} 并存"
            )
    return found


@cache
def indicator_set(set_id: str, on: date | None = None, folder: Path = RULES / "indicators") -> Edition:
    """The edition of a set in force on a day, or the newest where no day is given.

    Raises UnknownSet for a set that does not exist or a day before its first edition, IncompleteSet where rules are
    missing, RulebookError where the file is broken or a used edition was changed.
    """
    files = dated_files(folder)
    if set_id not in files:
        raise UnknownSet(f"没有名为“{set_id}”的指标，可用：{'、'.join(sorted(files))}")
    in_force = [path for day, path in files[set_id] if on is None or day <= on]
    if not in_force:
        raise UnknownSet(f"指标 {set_id} 的第一个版本自 {files[set_id][0][0]} 起施行，{on} 尚无版本可用")
    return parse_edition(in_force[-1])


@cache
def criteria(on: date | None = None) -> Mapping[tuple[str, str], Criterion]:
    """Every criterion of 附件1, 附件2 and the duties of the notice, in that order, by (set, criterion).

    They are those in force on a day, or the newest.
    """
    editions = [indicator_set(set_id, on) for set_id in HOUSE_SETS]
    return {(edition.id, name): criterion for edition in editions for name, criterion in edition.criteria.items()}
