"""Workbooks written for people: an export of all facts, and an empty template with drop-downs and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Format, Workbook
from xlsxwriter.worksheet import Worksheet

from xinmei.collectors.bundle.cells import ExportFault, as_text
from xinmei.collectors.bundle.columns import Column
from xinmei.collectors.bundle.kinds import Choice, Flag
from xinmei.collectors.bundle.table import Table
from xinmei.collectors.bundle.tables import TABLES

ROW_LIMIT = 1_048_576
CELL_LIMIT = 32_767
TEMPLATE_ROWS = 5000
# The same facts give the same bytes, so a workbook bears no day of its own.
UNDATED = datetime(2021, 6, 20)  # noqa: DTZ001

# What a clerk fills in. Tables that machines make have no example.
TEMPLATE = tuple(table for table in TABLES if table.example is not None)


def _open(path: Path) -> Workbook:
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": UNDATED})
    return book


def _header(book: Workbook, sheet: Worksheet, columns: Iterable[Column]) -> Format:
    strong = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "num_format": "@"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.header or column.name, strong)
    sheet.freeze_panes(1, 0)
    return book.add_format({"num_format": "@"})


def write_workbook(path: Path, tables: Iterable[tuple[Table, Iterator[list[Any]]]]) -> None:
    """One sheet a table, everything as text. Pictures are left out.

    Raises ExportFault where a sheet or a cell cannot hold the data.
    """
    book = _open(path)
    empty = True
    try:
        for table, rows in tables:
            empty = False
            places = [place for place, column in enumerate(table.columns) if column.name != table.pictures]
            sheet = book.add_worksheet(table.name)
            text = _header(book, sheet, (table.columns[place] for place in places))
            sheet.set_column(0, len(places) - 1, 18, text)
            for number, values in enumerate(rows, 1):
                if number >= ROW_LIMIT:
                    raise ExportFault(f"{table.label}超过 {ROW_LIMIT} 行，工作簿放不下，请导出为文件夹或 .zip")
                cells = as_text(table, values)
                for column, place in enumerate(places):
                    if len(cells[place]) > CELL_LIMIT:
                        where = f"{table.label}“{cells[0]}”的 {table.columns[place].name}"
                        raise ExportFault(f"{where} 超过 {CELL_LIMIT} 字，工作簿放不下，请导出为文件夹或 .zip")
                    if cells[place]:
                        sheet.write_string(number, column, cells[place], text)
        if empty:
            book.add_worksheet("说明").write_string(0, 0, "库里没有数据")
    finally:
        book.close()


def write_template(path: Path) -> None:
    """An empty workbook to fill in.

    It has Chinese headers, drop-downs of Chinese labels, and a note on each header with what is allowed and an example.
    """
    book = _open(path)
    first = book.add_worksheet("填写说明")
    first.set_column(0, 0, 100)
    for number, line in enumerate(_explain()):
        first.write_string(number, 0, line)
    for table in TEMPLATE:
        sheet = book.add_worksheet(table.name)
        columns = [column for column in table.columns if column.name != table.pictures]
        text = _header(book, sheet, columns)
        sheet.set_column(0, len(columns) - 1, 20, text)
        for place, column in enumerate(columns):
            _add_note(sheet, place, column, (table.example or {}).get(column.name, ""))
            _add_choices(sheet, place, column)
    book.close()


def _add_note(sheet: Worksheet, place: int, column: Column, example: str) -> None:
    """The note on a header: what is allowed, with an example."""
    must = "必填" if column.filled else "表头必须有，可以空着" if column.needed else "可以空着，也可以删去整列"
    note = f"{column.name}\n{must}。\n应是：{column.kind.allowed}" + (f"\n例：{example}" if example else "")
    sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.6, "author": ""})


def _add_choices(sheet: Worksheet, place: int, column: Column) -> None:
    """The drop-down of a column that has choices."""
    labels = _labels(column)
    if not labels:
        return
    rule = {
        "validate": "list",
        "source": labels,
        "error_title": "不在可选之列",
        "error_message": "请从下拉列表里选",
    }
    if isinstance(column.kind, Choice) and column.kind.open:
        rule["error_type"] = "information"
    sheet.data_validation(1, place, TEMPLATE_ROWS, place, rule)


def _labels(column: Column) -> list[str]:
    if isinstance(column.kind, Choice):
        return list(column.kind.labels.values())
    return ["是", "否"] if isinstance(column.kind, Flag) else []


def _explain() -> list[str]:
    sheets = "、".join(f"{table.name}（{table.label}）" for table in TEMPLATE)
    return [
        "每张表一类数据，表名不要改：" + sheets + "。用不着的表可以删去。",
        "第 1 行是表头，从第 2 行起填写；鼠标停在表头上，有这一列的要求和例子。",
        "有下拉箭头的列请从列表里选。日期写成 2026-01-05、2026/1/5 或 2026年1月5日；"
        + "时间写成 2026-01-05T09:00:00，指北京时间。",
        "不要用公式；电话、代码等长数字所在的列已设为文本。",
        "同一编号再次导入是更新：空着的格子会清空原值，删去的列保持原值。已从表中删去的行不会从库里删去。",
    ]
