"""A sheet of a workbook (.xlsx), walked over as a stream: what the reader of values does not report."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from xinmei.core.spreadsheets.blanks import CONSTANT

# The reader lays a sheet out as a full rectangle. One stray cell far out must not fill the memory.
CELL_LIMIT = 20_000_000
COLUMN_LIMIT = 200
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# A spreadsheet's numbers are binary fractions. From here on they no longer distinguish one whole number from the next.
EXACT = 1 << 53
MERGED_LIMIT = 1_000_000  # rows of merged ranges


def as_text(cell: Any) -> Any:
    """「whole numbers are read as their digits, date cells as dates」."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if not cell.is_integer():
            return repr(cell)
        return (
            str(int(cell))
            if abs(cell) < EXACT
            else Flaw("里的数字太长，表格软件已经改动了它的末几位；请把这一格设为文本格式再填")
        )
    if isinstance(cell, date):  # a moment is one too
        return cell
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a cell cannot be taken; of a `merged` one it matters only under a header."""

    text: str
    merged: bool = False


FORMULA = Flaw("里是公式，请复制后“粘贴为数值”再导入；以 = 开头的文字请设为文本格式")


@dataclass(slots=True)
class Scan:
    """What the reader of values does not report: how far a sheet reaches, and its formulas and errors by row and
    column.
    """

    rows: int = 0
    columns: int = 0
    merges: int = 0
    special: dict[int, dict[int, Flaw | str]] = field(default_factory=dict)
    # By row: first and last column of a merged range, and how it is called.
    merged: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)


def scan_sheet(archive: zipfile.ZipFile, part: str) -> Scan:
    """Walks over the cells of a sheet as a stream. Raises ExpatError where it is no XML."""
    scan = Scan()
    row = column = 0
    formula: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = name.rpartition(" ")[2]
        if tag == "row":
            row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else row + 1
            column = 0
        elif tag == "c":
            place = PLACE.fullmatch(attributes.get("r", ""))
            column = _column_number(place[1]) if place else column + 1
            scan.rows, scan.columns = max(scan.rows, row), max(scan.columns, column)
            if attributes.get("t") == "e":
                scan.special.setdefault(row, {})[column - 1] = Flaw("里是公式错误（如 #REF!），请改成内容本身")
        elif tag == "f":
            formula.clear()
            parser.CharacterDataHandler = formula.append
        elif tag == "mergeCell":
            _take_merged(scan, attributes.get("ref", ""))

    def end(name: str) -> None:
        if name.rpartition(" ")[2] == "f":
            parser.CharacterDataHandler = None
            # ="138…" only keeps a program from taking text for a number
            constant = CONSTANT.fullmatch(f"={''.join(formula).strip()}")
            scan.special.setdefault(row, {})[column - 1] = constant[1].replace('""', '"') if constant else FORMULA

    parser = _parser(start)
    parser.EndElementHandler = end
    with archive.open(part) as file:
        parser.ParseFile(file)
    return scan


def _take_merged(scan: Scan, name: str) -> None:
    ends = [PLACE.fullmatch(end) for end in name.split(":")]
    if len(ends) != 2 or not all(ends):
        return
    (left, top), (right, bottom) = ((_column_number(end[1]), int(end[2])) for end in ends if end)
    height = min(bottom, scan.rows) - top + 1
    scan.merges += max(0, height)
    if scan.merges > MERGED_LIMIT:
        raise ValueError("合并的单元格太多")
    for row in range(top, top + height):
        scan.merged.setdefault(row, []).append((left - 1, min(right, COLUMN_LIMIT) - 1, name))


def _parser(start: Any) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start

    def refuse(*_: Any) -> None:
        raise ValueError("XML 里有 DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def find_sheets(archive: zipfile.ZipFile, known: set[str] | None = None) -> dict[str, str]:
    """The sheets (where `known` is given: those of these names), each with its part of the archive.

    Raises KeyError, ExpatError or ValueError where it is no workbook.
    """
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def take_relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def take_sheet(name: str, attributes: dict[str, str]) -> None:
        sheet = attributes.get("name", "")
        if name.rpartition(" ")[2] == "sheet" and (known is None or sheet in known):
            sheets[sheet] = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == "id"), "")

    for part, take in (("xl/_rels/workbook.xml.rels", take_relation), ("xl/workbook.xml", take_sheet)):
        with archive.open(part) as file:
            _parser(take).ParseFile(file)
    names = set(archive.namelist())
    found = {}
    for sheet, relation in sheets.items():
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
        if part not in names:
            raise ValueError(f"缺少 {part}")
        found[sheet] = part
    return found
