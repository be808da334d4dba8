"""How other systems write their registers: `rules/upstream/forms.<day>.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from xinmei.core.rulebook import RULES, Row, RulebookError, UnknownSet
from xinmei.core.rulebook.files import read_table
from xinmei.core.rulebook.indicators import dated_files
from xinmei.core.spreadsheets.blanks import UNSEEN

# What a column of an export may hold.
FIELDS = (
    "name", "platform", "type", "handle", "url", "unit", "verified", "verification", "status", "filed", "followers",
    "contact", "phone",
)  # fmt: skip
# What can differ, in the order in which differences are told.
COMPARABLE = ("name", "platform", "kind", "unit", "handle", "url", "verification", "status", "filed")
KEYS = (
    "title", "document", "clause", "quote", "in_force", "columns", "compared", "unit_labels", "nothing", "yes", "no",
    "not_accounts", "platforms", "statuses", "ignored_in_links", "form", "hit", "near_miss",
)  # fmt: skip
_ASIDE = re.compile(r"[(\[【（].*?[)\]】）]")
_BLANK = re.compile(rf"[\s{UNSEEN}]+")


def plain(text: str) -> str:
    """A text without differences of width, case and blanks."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def plain_header(text: str) -> str:
    """A header without what forms put around it: stars, colons, remarks in brackets."""
    folded = plain(text)
    return (_ASIDE.sub("", folded) or folded).strip("*※★:：.、")


@dataclass(frozen=True)
class FormColumn:
    """A column of the form of the national system."""

    header: str
    holds: str


@dataclass(frozen=True)
class Upstream:
    """How other systems write things. All words are `plain`."""

    clause: str
    headers: Mapping[str, Mapping[str, int]]  # of each field: its headers, the better ones first
    compared: tuple[str, ...]
    unit_labels: frozenset[str]
    nothing: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    not_accounts: frozenset[str]
    platforms: Mapping[str, tuple[str, str]]  # word -> platform and kind
    statuses: Mapping[str, str]
    ignored_in_links: frozenset[str]
    form_title: str
    form_head: tuple[str, ...]
    form_columns: tuple[FormColumn, ...]

    def columns_of(self, header: list[str]) -> dict[str, int]:
        """Which column of a header row holds which field. A column holds one field, a field stands in one column."""
        found: dict[str, int] = {}
        names = [plain_header(cell) if cell else "" for cell in header]
        for field, words in self.headers.items():
            fitting = [
                (words[name], place)
                for place, name in enumerate(names)
                if name in words and place not in found.values()
            ]
            if fitting:
                found[field] = min(fitting)[1]
        return found

    def field_of(self, header: str) -> str:
        """The field that a header alone names; "" where it is not known."""
        return next(iter(self.columns_of([header])), "")

    def says_yes(self, text: str) -> bool | None:
        """Yes, no, or nothing that is understood."""
        word = plain(text)
        return True if word in self.yes else False if word in self.no else None


@cache
def upstream(on: date | None = None) -> Upstream:
    """What is in force on a day, or the newest. Raises RulebookError where the file is broken."""
    files = dated_files(RULES / "upstream").get("forms", [])
    if not files:
        raise UnknownSet("rules/upstream/ 中没有 forms.施行日期.yaml")
    in_force = [path for day, path in files if on is None or day <= on] or [files[0][1]]
    row = read_table(in_force[-1]).check_keys(KEYS)
    found = _read(row)
    _try_examples(row, found)
    return found


def _read(row: Row) -> Upstream:
    form = row.row("form").check_keys(("title", "head", "columns"))
    return Upstream(
        clause=f"{row.row('document')['number']} {row.text('clause')}",
        headers=_headers(row),
        compared=_known(row, "compared", COMPARABLE),
        unit_labels=_words(row, "unit_labels"),
        nothing=_words(row, "nothing"),
        yes=_words(row, "yes"),
        no=_words(row, "no"),
        not_accounts=_words(row, "not_accounts"),
        platforms={name: (one.text("platform"), one.text("kind")) for name, one in _by_name(row, "platforms")},
        statuses={name: one.text("status") for name, one in _by_name(row, "statuses")},
        ignored_in_links=frozenset(row["ignored_in_links"]),
        form_title=form.text("title"),
        form_head=tuple(form["head"]),
        form_columns=tuple(FormColumn(one.text("header"), one.text("holds")) for one in form.rows("columns")),
    )


def _by_name(row: Row, key: str) -> Iterator[tuple[str, Row]]:
    """Each of the names under which an entry is written elsewhere."""
    keys = ("platform", "names") if key == "platforms" else ("status", "names")
    for one in row.rows(key):
        for name in one.check_keys(keys, ("kind",) if key == "platforms" else ())["names"]:
            yield plain(name), one


def _headers(row: Row) -> dict[str, dict[str, int]]:
    columns = row.row("columns")
    if unknown := [name for name in columns if name not in FIELDS]:
        raise columns.fault(f"columns 不认识 {'、'.join(unknown)}，可用：{'、'.join(FIELDS)}")
    return {
        name: {plain_header(word): rank for rank, word in reversed(list(enumerate(columns[name])))}
        for name in FIELDS
        if name in columns
    }


def _known(row: Row, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [name for name in row[key] if name not in allowed]:
        raise row.fault(f"{key} 不认识 {'、'.join(unknown)}，可用：{'、'.join(allowed)}")
    return tuple(name for name in allowed if name in row[key])


def _words(row: Row, key: str) -> frozenset[str]:
    return frozenset(plain(word) for word in row[key])


def _try_examples(row: Row, found: Upstream) -> None:
    """No rule without a hit and a near miss."""
    for name in ("hit", "near_miss"):
        example = row.row(name).check_keys(("header", "field"))
        if found.field_of(example.text("header")) != example.text("field"):
            raise RulebookError(f"{example.where}：{name}“{example.text('header')}”与规则不符")
