"""A workbook (.xlsx) as a bundle: its sheets are named as the files.

Formulas are refused, since what they show is computed elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine

from xinmei.collectors.bundle.kinds import check_text
from xinmei.collectors.bundle.rows import Reader, Row, read_header, whole_file
from xinmei.collectors.bundle.sources import Source
from xinmei.collectors.bundle.table import Table
from xinmei.core.spreadsheets.archives import DAMAGE, Refused, open_archive
from xinmei.core.spreadsheets.blanks import strip_blanks
from xinmei.core.spreadsheets.scanning import CELL_LIMIT, COLUMN_LIMIT, Flaw, as_text, find_sheets, scan_sheet


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
            read = [cell if type(cell) is str or isinstance(cell, Flaw) else as_text(cell) for cell in cells]
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
