"""A workbook (.xlsx) as a bundle: its sheets are named as the files.

Formulas are refused, since what they show is computed elsewhere.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

import python_calamine

from xinmei.collectors.bundle.artefacts import CONSTANT, strip_blanks
from xinmei.collectors.bundle.kinds import check_text
from xinmei.collectors.bundle.rows import Reader, Row, read_header, whole_file
from xinmei.collectors.bundle.sources import DAMAGE, Refused, Source, open_archive
from xinmei.collectors.bundle.table import Table

# The reader lays a sheet out as a full rectangle. One stray cell far out must not fill the memory.
CELL_LIMIT = 20_000_000
COLUMN_LIMIT = 200
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# A spreadsheet's numbers are binary fractions. From here on they no longer distinguish one whole number from the next.
EXACT = 1 << 53
MERGED_LIMIT = 1_000_000  # rows of merged ranges


class Workbook(Source):
    """A workbook. It holds no pictures."""

    def __init__(self, path: Path, tables: Iterable[Table]) -> None:
        self.name = path.name
        self.archive = open_archive(path)
        try:
            self.parts = find_sheets(self.archive, {table.name for table in tables})
            self.book = python_calamine.CalamineWorkbook.from_path(str(path))
        except (python_calamine.CalamineError, expat.ExpatError, KeyError, *DAMAGE) as error:
            self.archive.close()
            raise Refused(
                path.name, f"打不开这个工作簿，文件已损坏或不是 .xlsx（{error}），请在表格软件里另存为 .xlsx"
            ) from error

    def has(self, table: Table) -> bool:
        return table.name in self.parts

    def place(self, table: Table) -> str:
        return table.name

    def close(self) -> None:
        self.book.close()
        self.archive.close()

    def codes(self, table: Table) -> Iterator[str]:
        cells = self.cells(table)
        _, header = next(cells, (0, []))
        names = [table.by_header.get(strip_blanks(str(cell))) for cell in header]
        place = next((place for place, column in enumerate(names) if column and column.name == table.identity[0]), None)
        if place is not None:
            for _, row in cells:
                if place < len(row) and isinstance(row[place], str):
                    yield strip_blanks(row[place])

    def rows(self, table: Table) -> Iterator[Row]:
        try:
            yield from self.read(table)
        except (python_calamine.CalamineError, expat.ExpatError, *DAMAGE) as error:
            raise Refused(table.name, f"这张表读不出来，文件已损坏（{error}），请在表格软件里另存为 .xlsx") from error

    def read(self, table: Table) -> Iterator[Row]:
        """The rows of a sheet, its header in row 1."""
        cells = self.cells(table)
        _, header = next(cells, (1, []))
        while header and not _holds(header[-1]):
            header.pop()
        if not header:
            yield whole_file("表是空的，第 1 行应是表头；没有数据就删去这张表", line=None)
            return
        bad = next((cell for cell in header if isinstance(cell, Flaw)), None)
        if bad:
            yield whole_file(f"表头{bad.text}", line=1)
            return
        filled = [place for place, cell in enumerate(header) if _holds(cell)]
        names = read_header(table, [str(header[place]) for place in filled])
        if isinstance(names, Row):
            yield names
            return
        by_place = dict(zip(filled, names, strict=True))
        reader = Reader(table, json_values=False)
        for number, row in cells:
            yield self.read_row(reader, by_place, number, row)

    @staticmethod
    def read_row(reader: Reader, by_place: dict[int, str], number: int, row: list[Any]) -> Row:
        """One row of a sheet."""
        raw: dict[str, Any] = dict.fromkeys(by_place.values(), "")
        column = fault = None
        for place, cell in enumerate(row):
            name = by_place.get(place)
            found: str | None
            if isinstance(cell, Flaw):
                found, cell = cell.text if name or not cell.merged else None, ""
            elif name is None and _holds(cell):
                found = f"第 {place + 1} 列没有表头，却写了内容"
            else:
                found = check_text(cell)
            if name is not None:
                raw[name] = cell
            if found and fault is None:
                column, fault = name, found
        read = reader.read(number, raw)
        if fault is not None:
            read.column, read.fault = column, fault
        return read

    def cells(self, table: Table) -> Iterator[tuple[int, list[Any]]]:
        """The rows that hold anything, with their numbers: text, dates, and `Flaw` where a cell cannot be taken."""
        scan = scan_sheet(self.archive, self.parts[table.name])
        if scan.columns > COLUMN_LIMIT or scan.columns * scan.rows > CELL_LIMIT:
            raise Refused(
                table.name, f"这张表有 {scan.rows} 行 {scan.columns} 列，远超所需；请删去数据之外的空白行列再保存"
            )
        sheet = self.book.get_sheet_by_name(table.name)
        left = [""] * (sheet.start[1] if sheet.start else 0)
        last = 0
        for number, row in enumerate(sheet.iter_rows(), 1):
            last = number
            cells: list[Any] = [*left, *row]
            special = scan.special.get(number)
            if special:
                cells += [""] * (max(special) + 1 - len(cells))
                for place, value in special.items():
                    cells[place] = value
            read = [cell if type(cell) is str or isinstance(cell, Flaw) else _as_text(cell) for cell in cells]
            if number == 1:
                yield number, read
            elif any(map(_holds, read)):
                yield number, _mark_merged(read, scan.merged.get(number, ()))
        for number in sorted(scan.special):
            if number > last:
                special = scan.special[number]
                yield number, [special.get(place, "") for place in range(max(special) + 1)]


def _holds(cell: Any) -> bool:
    """Whether anything stands in a cell; blanks are nothing."""
    return bool(strip_blanks(cell)) if type(cell) is str else True


def _mark_merged(cells: list[Any], ranges: Iterable[tuple[int, int, str]]) -> list[Any]:
    """The row with a flaw where a cell is empty because it was merged with another."""
    for first, last, name in ranges:
        cells += [""] * (last + 1 - len(cells))
        for place in range(first, last + 1):
            if not _holds(cells[place]):
                text = f"在合并的单元格（{name}）里，内容只在它的第一格；请取消合并，逐格填写"
                cells[place] = Flaw(text, merged=True)
    return cells


def _as_text(cell: Any) -> Any:
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


def find_sheets(archive: zipfile.ZipFile, known: set[str]) -> dict[str, str]:
    """The sheets that are named as tables, each with its part of the archive.

    Raises KeyError, ExpatError or ValueError where it is no workbook.
    """
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def take_relation(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def take_sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "sheet" and (sheet := attributes.get("name", "")) in known:
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
