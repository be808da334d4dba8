"""清理优化: what of an account speaks for merging or closing it. Facts only; what follows is decided by people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from xinmei.core.rulebook import RULES, RulebookError, UnknownSet
from xinmei.core.rulebook.files import read_table
from xinmei.core.rulebook.indicators import dated_files
from xinmei.core.wording import pairs_of

KEYS = (
    "title", "document", "clause", "quote", "must_open", "in_force", "within_days", "few_posts", "silent_days", "hit",
    "near_miss",
)  # fmt: skip


@dataclass(frozen=True)
class CleaningRule:
    """The rules in force on a day."""

    clause: str
    quote: str
    must_open: str
    within: timedelta
    few_posts: int
    silent: timedelta

    def is_few(self, posts: int) -> bool:
        """Whether so many posts within the span are few."""
        return posts < self.few_posts


@dataclass(frozen=True)
class Silence:
    """How long nothing was posted. `seen`: complete looks cover those days; where not, nobody could see."""

    days: int
    seen: bool


@cache
def cleaning_rule(on: date | None = None) -> CleaningRule:
    """The rules in force on a day, or the newest; before the first edition, the first. Raises RulebookError."""
    files = dated_files(RULES / "filings").get("cleaning", [])
    if not files:
        raise UnknownSet("rules/filings/ 中没有 cleaning.施行日期.yaml")
    row = read_table(([path for day, path in files if on is None or day <= on] or [files[0][1]])[-1]).check_keys(KEYS)
    for name in ("within_days", "few_posts", "silent_days"):
        if type(row[name]) is not int or row[name] < 1:
            raise row.fault(f"{name} 应是正整数，写的是 {row[name]!r}")
    if row["silent_days"] > row["within_days"]:
        raise row.fault("silent_days 不应大于 within_days")
    rule = CleaningRule(
        clause=f"{row.row('document')['number']} {row.text('clause')}",
        quote=row.text("quote"),
        must_open=row.text("must_open"),
        within=timedelta(days=row["within_days"]),
        few_posts=row["few_posts"],
        silent=timedelta(days=row["silent_days"]),
    )
    for name in ("hit", "near_miss"):
        example = row.row(name).check_keys(("case", "posts", "few"))
        if rule.is_few(example["posts"]) != example["few"]:
            raise RulebookError(f"{example.where}：{name}“{example['case']}”与规则不符")
    return rule


def silence_of(
    rule: CleaningRule, since: datetime, now: datetime, seen_until: datetime | None, covered_from: datetime | None
) -> Silence | None:
    """The silence of an account that posted last (or was opened) at `since`; None where it is not long.

    The looks cover all from `covered_from` to `seen_until`. Only what they cover is silence; longer than that without
    a post that is known, but not covered, is not seen.
    """
    if now - since < rule.silent:
        return None
    if seen_until is not None and covered_from is not None:
        silent = seen_until - max(since, covered_from)
        if silent >= rule.silent:
            return Silence(silent.days, seen=True)
    return Silence((now - since).days, seen=False)


def are_alike(one: str, other: str) -> bool:
    """Whether two names of one unit's accounts tell of one function: two characters in a row in common, generic words
    apart; a name of generic words alone is like any other.
    """
    mine, theirs = pairs_of(one), pairs_of(other)
    return not mine or not theirs or bool(mine & theirs)


def alike_on_other_platforms(name: str, platform: str, others: Iterable[tuple[str, str]]) -> list[int]:
    """The places of those of `others` (name, platform) that have the same function on another platform."""
    return [place for place, (other, where) in enumerate(others) if where != platform and are_alike(name, other)]
