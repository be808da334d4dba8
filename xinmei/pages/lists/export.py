"""Rows as an .xlsx workbook. Every text is written as text: what looks like a formula stays the characters it is."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xinmei.core.calendar import SHANGHAI

Cell = str | int | float | Decimal | date | datetime | bool | None
LONGEST_CELL = 32_767


def write_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet named `title`: a header row that stays in sight, and a filter over all columns.

    Moments are in Asia/Shanghai.
    """
    file = io.BytesIO()
    # Constant memory: a row is written out when the next one begins.
    workbook = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = workbook.add_worksheet(title[:31])
    head = workbook.add_format(
        {"bold": True, "bottom": 1, "bg_color": "#EEF2F7", "text_wrap": True, "valign": "vcenter"}
    )
    formats = [workbook.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")]
    widths = [max(10, 2 * len(header) + 4) for header in headers]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, last, column, cell, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(headers) - 1)
    workbook.close()
    return file.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, formats: Sequence[Format]) -> None:
    """One cell as what it is. `formats`: of a day, of a moment."""
    day, moment = formats
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.astimezone(SHANGHAI).replace(tzinfo=None), moment)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_string(row, column, "是" if cell else "否")
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(row, column, float(cell))
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST_CELL])
