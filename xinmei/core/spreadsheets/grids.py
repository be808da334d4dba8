"""Sheets of any shape as rows of text: each with its number in the file. What a merged range shows stands in each row.

for grid in read_grids(path):
    for number, cells in grid.rows: ...
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine

from xinmei.core.spreadsheets.archives import DAMAGE, Refused, open_archive
from xinmei.core.spreadsheets.blanks import CONSTANT, strip_blanks
from xinmei.core.spreadsheets.lines import LINE_LIMIT, Lines
from xinmei.core.spreadsheets.scanning import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    Flaw,
    Scan,
    as_text,
    find_sheets,
    scan_sheet,
)

csv.field_size_limit(LINE_LIMIT)
# One sheet a unit, in one workbook: each is an entry of the archive.
MOST_ENTRIES = 20_000
Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Grid:
    """One sheet. `name` is "" where the file is one sheet itself (CSV); rows that hold nothing are left out."""

    name: str
    rows: Rows


def read_grids(path: Path) -> list[Grid]:
    """The sheets of a workbook (.xlsx), or the one of a CSV file.

    Raises Refused where it is neither, damaged or too large; FileNotFoundError where nothing is there.
    """
    if path.suffix.lower() == ".xls":
        raise Refused(path.name, "是旧的 .xls，请在表格软件里另存为 .xlsx")
    with path.open("rb") as file:
        is_archive = file.read(4) == b"PK\x03\x04"
    if is_archive or path.suffix.lower() == ".xlsx":
        return list(_read_workbook(path))
    return [Grid("", _read_csv(path))]


def _read_workbook(path: Path) -> Iterator[Grid]:
    with open_archive(path, MOST_ENTRIES) as archive:
        try:
            parts = find_sheets(archive)
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            for name, part in parts.items():
                yield Grid(name, _read_sheet(archive, part, book, name))
        except (python_calamine.CalamineError, expat.ExpatError, KeyError, *DAMAGE) as error:
            text = f"打不开这个工作簿，文件已损坏或不是 .xlsx（{error}），请在表格软件里另存为 .xlsx"
            raise Refused(path.name, text) from error


def _read_sheet(archive: zipfile.ZipFile, part: str, book: Any, name: str) -> Rows:
    scan = scan_sheet(archive, part)
    if scan.columns > COLUMN_LIMIT or scan.columns * scan.rows > CELL_LIMIT:
        raise Refused(name, f"这张表有 {scan.rows} 行 {scan.columns} 列，远超所需；请删去数据之外的空白行列再保存")
    sheet = book.get_sheet_by_name(name)
    left = [""] * (sheet.start[1] if sheet.start else 0)
    rows: Rows = []
    above: dict[str, str] = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [*left, *(cell if type(cell) is str else _said(as_text(cell)) for cell in row)]
        cells = [strip_blanks(cell) for cell in cells]
        holds = any(cells)
        _fill(cells, scan, number, above)
        if holds:
            rows.append((number, cells))
    return rows


def _said(cell: Any) -> str:
    """What a cell says; a number that a program has changed says nothing."""
    return "" if isinstance(cell, Flaw) else str(cell)


def _fill(cells: list[str], scan: Scan, number: int, above: dict[str, str]) -> None:
    """A merged range says in each of its rows what stands in its first."""
    for first, _, name in scan.merged.get(number, ()):
        if first < len(cells):
            if cells[first]:
                above[name] = cells[first]
            else:
                cells[first] = above.get(name, "")


def _read_csv(path: Path) -> Rows:
    lines = Lines(lambda: path.open("rb"))
    if lines.fault:
        raise Refused(path.name, lines.fault)
    rows: Rows = []
    try:
        for number, record in _records(lines):
            cells = [strip_blanks(_unquoted(cell)) for cell in record]
            if any(cells):
                rows.append((number, cells))
    except csv.Error as error:
        raise Refused(
            path.name, f"第 {lines.number} 行不是正确的 CSV（{error}），请另存为 .xlsx 或 UTF-8 的 CSV"
        ) from error
    return rows


def _records(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """The records, each with its first line."""
    delimiter = "\t" if b"\t" in lines.sample[:4096] and b"," not in lines.sample[:4096] else ","
    records: Iterable[list[str]] = csv.reader(lines, delimiter=delimiter)
    first = 1
    for record in records:
        yield first, record
        first = lines.number + 1


def _unquoted(cell: str) -> str:
    """="138…" only keeps a program from taking text for a number."""
    found = CONSTANT.fullmatch(cell.strip()) if cell.startswith("=") else None
    return found[1].replace('""', '"') if found else cell
