"""The path of a filing: `rules/filings/path.<day>.yaml`, and what it decides by itself.

Nothing here knows who acts, or what stands in the register; whoever asks says what a filing is about.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from xinmei.core.rulebook import RULES, Row, RulebookError, UnknownSet
from xinmei.core.rulebook.files import read_table
from xinmei.core.rulebook.indicators import dated_files

HOLDERS = ("unit", "supervisor", "reviewing_office", "city", "")
# What of an account a filing changes.
CHANGEABLE = ("name", "unit", "kind", "verification", "handle", "url")
KEYS = (
    "title", "document", "clause", "quote", "in_force", "states", "matters", "announced_quote", "without_announcement",
    "no_platform", "one_account_quote", "internal_office_quote", "problems", "announcements", "hit", "near_miss",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """One state: who has the filing, what comes next; how many working days it takes (0: no term of its own), and who
    hears of it once they are over.
    """

    label: str
    holder: str
    next: str
    under_way: bool
    days: int = 0
    rises: str = ""


@dataclass(frozen=True)
class Problem:
    """What submission looks for. `matters`: of which matters; of a change, only where one of these is changed."""

    label: str
    quote: str
    matters: Mapping[str, tuple[str, ...]]

    def is_asked(self, matter: str, changed: Collection[str]) -> bool:
        """Whether it is looked for in this matter."""
        if matter not in self.matters:
            return False
        return not self.matters[matter] or any(name in changed for name in self.matters[matter])


@dataclass(frozen=True)
class FilingPath:
    """The path as in force on a day."""

    clause: str
    quotes: Mapping[str, str]
    states: Mapping[str, State]
    matters: Mapping[str, Row]
    problems: Mapping[str, Problem]
    announcements: Mapping[str, str]
    without_announcement: frozenset[str]
    no_platform: frozenset[str]

    def is_announced(
        self,
        matter: str,
        *,
        changed: Collection[str] = (),
        reading: str = "identity",
        closed_by: str = "",
        incident: str = "",
    ) -> bool:
        """Whether the matter must be agreed to and announced first.

        `changed`: what a change changes. `reading`: `change_announced`. `closed_by`: the matter of the filing that
        closed the account. `incident`: the kind of the incident that the matter rests on.
        """
        rule = self.matters[matter]
        if not rule["announced"] or incident in self.without_announcement:
            return False
        if "after" in rule and closed_by == rule["after"]:
            return False
        return "without" not in rule or reading == "all" or not set(changed) <= set(rule["without"])

    def problems_of(self, matter: str, changed: Collection[str] = ()) -> list[str]:
        """The names of the problems that are looked for in this matter, in their order."""
        return [name for name, problem in self.problems.items() if problem.is_asked(matter, changed)]

    def under_way(self) -> list[str]:
        """The states in which a filing is under way."""
        return [name for name, state in self.states.items() if state.under_way]


@cache
def filing_path(on: date | None = None) -> FilingPath:
    """The path in force on a day, or the newest; before the first edition, the first.

    Raises RulebookError where the file is broken.
    """
    files = dated_files(RULES / "filings").get("path", [])
    if not files:
        raise UnknownSet("rules/filings/ 中没有 path.施行日期.yaml")
    in_force = [path for day, path in files if on is None or day <= on] or [files[0][1]]
    row = read_table(in_force[-1]).check_keys(KEYS)
    path = FilingPath(
        clause=f"{row.row('document')['number']} {row.text('clause')}",
        quotes={name: row.text(name) for name in KEYS if name == "quote" or name.endswith("_quote")},
        states={name: _state(one) for name, one in row.row("states").items()},
        matters={name: _matter(one) for name, one in row.row("matters").items()},
        problems={name: _problem(one) for name, one in row.row("problems").items()},
        announcements=dict(row.row("announcements")),
        without_announcement=frozenset(row["without_announcement"]),
        no_platform=frozenset(row["no_platform"]),
    )
    _try_examples(row, path)
    return path


def _state(row: Row) -> State:
    row.check_keys(("label", "holder", "next"), ("under_way", "days", "rises"))
    for name in ("holder", "rises"):
        if row.get(name, "") not in HOLDERS:
            raise row.fault(f"{name} 写的是 {row[name]!r}，可用：{'、'.join(filter(None, HOLDERS))}，或空")
    days, is_under_way = int(row.get("days", 0)), bool(row.get("under_way", False))
    return State(row.text("label"), row.text("holder"), row.text("next"), is_under_way, days, row.get("rises", ""))


def _matter(row: Row) -> Row:
    row.check_keys(("label", "announced"), ("without", "reading", "after"))
    if unknown := [name for name in row.get("without", []) if name not in CHANGEABLE]:
        raise row.fault(f"without 不认识 {'、'.join(unknown)}，可用：{'、'.join(CHANGEABLE)}")
    return row


def _problem(row: Row) -> Problem:
    row.check_keys(("label", "quote", "matters"))
    return Problem(
        row.text("label"), row.text("quote"), {name: tuple(names) for name, names in row.row("matters").items()}
    )


def _try_examples(row: Row, path: FilingPath) -> None:
    """No rule without a hit and a near miss."""
    for name in ("hit", "near_miss"):
        example = row.row(name).check_keys(("case", "matter", "changed", "announced"))
        if path.is_announced(example["matter"], changed=example["changed"]) != example["announced"]:
            raise RulebookError(f"{example.where}：{name}“{example['case']}”与规则不符")
