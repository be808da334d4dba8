"""An export of another system as rows: its header found among titles, merged heads, notes and several sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xinmei.core.spreadsheets.grids import Grid
from xinmei.core.upstream.rules import Upstream, plain, plain_header

# A header stands near the top of its sheet.
DEEPEST = 60
# By these a row is found to be an account's; a table that has none of them but names is no register.
TELLING = ("platform", "type", "handle", "url", "unit")
_LABEL = re.compile(r"^(.{1,8}?)\s*[:：]\s*(.*)$", re.DOTALL)
# By the plain headers of a row: which of them people have told to hold which field.
Layouts = Mapping[tuple[str, ...], Mapping[str, str]]


class NoTable(Exception):
    """No sheet has a header that is known. `headers` are the rows that look like one: sheet, row number, cells."""

    def __init__(self, headers: list[tuple[str, int, list[str]]]) -> None:
        super().__init__("没有认出表头：表里应有账号名称，和平台、链接、平台账号、主办单位中至少一列")
        self.headers = headers


@dataclass(frozen=True, slots=True)
class UpstreamRow:
    """One account as the other system has it; "" where it says nothing, `told` what it says in its own words.

    `row` is the number of the row in its sheet; where several sheets hold accounts, the sheet's name stands before it.
    `url` is None where it says that there is none. `filed` and `verified` are None where it says neither.
    """

    row: int | str
    name: str
    platform: str
    kind: str
    handle: str
    url: str | None
    unit: str
    verification: str
    verified: bool | None
    status: str
    filed: bool | None
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Export:
    """What an export holds: its rows, the header of each field, and the words that were not understood."""

    rows: list[UpstreamRow] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    unknown_words: dict[str, set[str]] = field(default_factory=dict)


def layout_key(header: Sequence[str]) -> tuple[str, ...]:
    """By which a header is known again."""
    return tuple(plain_header(cell) for cell in header if cell)


def read_export(grids: Sequence[Grid], rules: Upstream, layouts: Layouts | None = None) -> Export:
    """The accounts of all sheets that hold any. Raises NoTable where no header is known."""
    tables = [(grid, found) for grid in grids if (found := _find_header(grid, rules, layouts or {})) is not None]
    if not tables:
        raise NoTable([candidate for grid in grids if (candidate := _candidate(grid)) is not None])
    export = Export(sheets=[grid.name for grid, _ in tables])
    for grid, header in tables:
        _Reader(rules, export, grid.name if len(tables) > 1 else "").read(grid, header)
    return export


@dataclass(frozen=True)
class _Header:
    place: int
    columns: Mapping[str, int]
    cells: list[str]


def _find_header(grid: Grid, rules: Upstream, layouts: Layouts) -> _Header | None:
    """The row that names most fields, alone or with the one above it, whose heads stand over several columns."""
    best: _Header | None = None
    for place, (_, cells) in enumerate(grid.rows[:DEEPEST]):
        if layouts and (told := layouts.get(layout_key(cells))) is not None:
            plain_cells = [plain_header(cell) if cell else "" for cell in cells]
            return _Header(place, {name: plain_cells.index(header) for name, header in told.items()}, cells)
        over = grid.rows[place - 1][1] if place else []
        for header in (cells, _overlay(cells, over)) if over else (cells,):
            columns = rules.columns_of(header)
            is_register = "name" in columns and any(name in columns for name in TELLING)
            if is_register and (best is None or len(columns) > len(best.columns)):
                best = _Header(place, columns, header)
    return best


def _overlay(cells: list[str], over: list[str]) -> list[str]:
    width = max(len(cells), len(over))
    pairs = zip(cells + [""] * (width - len(cells)), over + [""] * (width - len(over)), strict=True)
    return [cell or above for cell, above in pairs]


def _candidate(grid: Grid) -> tuple[str, int, list[str]] | None:
    """The first row near the top with the most cells: what people may tell the columns of."""
    rows = [row for row in grid.rows[:DEEPEST] if sum(map(bool, row[1])) > 1]
    if not rows:
        return None
    number, cells = max(rows, key=lambda row: len({cell for cell in row[1] if cell}))
    return grid.name, number, cells


class _Reader:
    """One sheet, row by row."""

    def __init__(self, rules: Upstream, export: Export, sheet: str) -> None:
        self.rules, self.export, self.sheet = rules, export, sheet
        self.unit = ""

    def read(self, grid: Grid, header: _Header) -> None:
        """Takes the accounts below the header; what stands above it may say whose they are."""
        for _, cells in grid.rows[: header.place]:
            self._take_unit(cells)
        for name, place in header.columns.items():
            self.export.headers.setdefault(name, header.cells[place])
        columns = header.columns
        for number, cells in grid.rows[header.place + 1 :]:
            if again := self._head_again(cells, header.cells[header.columns["name"]]):
                columns = again
            elif (row := self._read_row(number, cells, columns)) is not None:
                self.export.rows.append(row)
            else:
                self._take_unit(cells)

    def _head_again(self, cells: list[str], name: str) -> Mapping[str, int]:
        """The columns of the head of another page, or of another unit's table; {} where the row is none."""
        columns = self.rules.columns_of(cells) if name in cells else {}
        return columns if len(columns) > 2 and "name" in columns else {}

    def _take_unit(self, cells: list[str]) -> None:
        """「填报单位：某局」, in one cell or in two."""
        filled = [cell for cell in cells if cell]
        for place, cell in enumerate(filled):
            found = _LABEL.match(cell)
            label, value = (found[1], found[2].strip()) if found else (cell, "")
            if plain(label) in self.rules.unit_labels:
                after = filled[place + 1] if place + 1 < len(filled) else ""
                is_label = _LABEL.match(after) or after in self.rules.form_head
                self.unit = value.split()[0] if value else "" if is_label else after

    def _read_row(self, number: int, cells: list[str], columns: Mapping[str, int]) -> UpstreamRow | None:
        """The account of a row; None where it is none: a sum, a note, an example."""
        told = {name: cells[place] for name, place in columns.items() if place < len(cells) and cells[place]}
        first = next(filter(None, cells), "")
        if plain(told.get("name", "")).strip(":") in self.rules.not_accounts or self._is_note(first):
            return None
        if sum(name in told for name in ("name", *TELLING)) < 2 or not ({"name", "handle", "url"} & told.keys()):
            return None
        said = {name: "" if plain(text) in self.rules.nothing else text for name, text in told.items()}
        platform, kind = self._platform_of(said)
        return UpstreamRow(
            row=f"{self.sheet}!{number}" if self.sheet else number,
            name=said.get("name", ""),
            platform=platform,
            kind=kind,
            handle=said.get("handle", ""),
            url=None if told.get("url") and not said["url"] else said.get("url", ""),
            unit=said.get("unit", "") or self.unit,
            verification=said.get("verification", ""),
            verified=self._yes_or_no("verified", told),
            status=self._status_of(said),
            filed=self._yes_or_no("filed", told),
            told=told,
        )

    def _is_note(self, first: str) -> bool:
        label = _LABEL.match(first)
        return plain(label[1] if label else first).rstrip("0123456789") in self.rules.not_accounts

    def _platform_of(self, said: Mapping[str, str]) -> tuple[str, str]:
        """The platform and kind that the columns of platform and type say together; the type says it more exactly."""
        platform, kind = self._look_up("platform", said)
        by_type, kind_by_type = self._look_up("type", said)
        if by_type and (platform in ("", "wechat", "other") or by_type == platform):
            platform, kind = by_type, kind_by_type or kind
        return platform, kind

    def _look_up(self, name: str, said: Mapping[str, str]) -> tuple[str, str]:
        text = said.get(name, "")
        found = self.rules.platforms.get(plain(text)) or self.rules.platforms.get(plain_header(text))
        if text and found is None:
            self.export.unknown_words.setdefault(name, set()).add(text)
        return found or ("", "")

    def _status_of(self, said: Mapping[str, str]) -> str:
        text = said.get("status", "")
        found = self.rules.statuses.get(plain(text), "")
        if text and not found:
            self.export.unknown_words.setdefault("status", set()).add(text)
        return found

    def _yes_or_no(self, name: str, told: Mapping[str, str]) -> bool | None:
        return self.rules.says_yes(told[name]) if name in told else None
