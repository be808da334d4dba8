"""The rules of closing: the stages in words, and how long platforms freeze. `rules/filings/closing.<day>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from xinmei.core.rulebook import RULES, Row, RulebookError, UnknownSet
from xinmei.core.rulebook.files import read_table
from xinmei.core.rulebook.indicators import dated_files

STAGES = (
    "consent", "submit", "support", "approve", "announce", "announced", "file", "archive", "close", "frozen",
    "register", "watch",
)  # fmt: skip
KEYS = ("title", "document", "clause", "in_force", "office_days", "stages", "freezes", "hit", "near_miss")


@dataclass(frozen=True)
class StageRule:
    """What the rules say of a stage: its name, who does it, the words of the notice, and what this platform adds."""

    label: str
    who: str
    quote: str
    note: str


@dataclass(frozen=True)
class Freeze:
    """How long a platform keeps an account frozen.

    `known`: the rules name the platform. `guessed`: nobody knows how many follow it, so the longest term stands.
    """

    days: int = 0
    known: bool = False
    guessed: bool = False
    source: str = ""


@dataclass(frozen=True)
class ClosingRule:
    """The rules of closing as in force on a day."""

    clause: str
    office_days: int
    stages: Mapping[str, StageRule]
    freezes: Mapping[str, Row]

    def freeze_of(self, platform: str, followers: int | None) -> Freeze:
        """The freeze of an account with so many followers."""
        row = self.freezes.get(platform)
        if row is None:
            return Freeze()
        terms = row.rows("terms")
        fitting = [one for one in terms if followers is not None and ("most" not in one or followers <= one["most"])]
        return Freeze(int((fitting or terms[-1:])[0]["days"]), True, followers is None, row.text("source"))


@cache
def closing_rule(on: date | None = None) -> ClosingRule:
    """The rules in force on a day, or the newest; before the first edition, the first. Raises RulebookError."""
    files = dated_files(RULES / "filings").get("closing", [])
    if not files:
        raise UnknownSet("rules/filings/ 中没有 closing.施行日期.yaml")
    row = read_table(([path for day, path in files if on is None or day <= on] or [files[0][1]])[-1]).check_keys(KEYS)
    stages = row.row("stages").check_keys(STAGES)
    if type(row["office_days"]) is not int or row["office_days"] < 0:
        raise row.fault(f"office_days 应是天数，写的是 {row['office_days']!r}")
    rule = ClosingRule(
        clause=f"{row.row('document')['number']} {row.text('clause')}",
        office_days=row["office_days"],
        stages={name: _stage_rule(stages.row(name)) for name in STAGES},
        freezes={name: _freeze(one) for name, one in row.row("freezes").items()},
    )
    for name in ("hit", "near_miss"):
        example = row.row(name).check_keys(("case", "platform", "followers", "days"))
        if rule.freeze_of(example["platform"], example["followers"]).days != example["days"]:
            raise RulebookError(f"{example.where}：{name}“{example['case']}”与规则不符")
    return rule


def _stage_rule(row: Row) -> StageRule:
    row.check_keys(("label", "who", "quote"), ("note",))
    return StageRule(row.text("label"), row.text("who"), row.text("quote"), row.text("note"))


def _freeze(row: Row) -> Row:
    row.check_keys(("source", "terms"))
    most: list[Any] = [one.check_keys(("days",), ("most",)).get("most") for one in row.rows("terms")]
    if not most or most[-1] is not None or None in most[:-1] or most[:-1] != sorted(set(most[:-1])):
        raise row.fault("terms 应从少到多各写 most，最后一档不写")
    return row
