"""Rows of CSV and JSONL files, read as a stream: each with its line, its values, or its first fault."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from xinmei.collectors.bundle.artefacts import explain_header
from xinmei.collectors.bundle.faults import Fault, show
from xinmei.collectors.bundle.kinds import ABSENT, check_text
from xinmei.collectors.bundle.parts import read_json
from xinmei.collectors.bundle.table import Table
from xinmei.core.spreadsheets.blanks import strip_blanks
from xinmei.core.spreadsheets.lines import LINE_LIMIT, Lines

# The limit of the csv module holds for the whole process. Ours is checked afterwards, on bytes, so that one field too
# long costs one row.
csv.field_size_limit(LINE_LIMIT)


@dataclass(slots=True)
class Row:
    """One row, or the reason why it is refused.

    `values` stand in the order of the table's columns (ABSENT where there is none). `column` and `fault` name the
    reason.
    """

    line: int | None
    values: list[Any]
    column: str | None = None
    fault: str | None = None
    # A fault of the whole file: the rest is not read.
    whole: bool = False


def whole_file(text: str, *, line: int | None = None, column: str | None = None) -> Row:
    """A fault because of which nothing in the file is taken."""
    return Row(line, [], column, text, whole=True)


# --- values


class Reader:
    """Turns the raw values of a row (by column name) into a `Row`."""

    def __init__(self, table: Table, *, json_values: bool) -> None:
        self.table = table
        self.readers = [
            (column.name, column.needed, column.json_reader() if json_values else column.text_reader())
            for column in table.columns
        ]

    def read(self, line: int, raw: Mapping[str, Any]) -> Row:
        """The row, with its first fault in the order of the columns. An unknown key comes last."""
        values: list[Any] = []
        column = fault = None
        known = 0
        for name, needed, reader in self.readers:
            if name in raw:
                known += 1
                try:
                    values.append(reader(raw[name]))
                    continue
                except Fault as error:
                    found = str(error)
            elif needed:
                found = "缺少这一项，必填"
            else:
                values.append(ABSENT)
                continue
            values.append(ABSENT)
            if fault is None:
                column, fault = name, found
        if known != len(raw) and fault is None:
            names = [name for name, _, _ in self.readers]
            column = next(key for key in raw if key not in names)
            fault = f"不认识 {show(column)}，可用：{'、'.join(names)}"
        return Row(line, values, column, fault)


def _check_raw(raw: Mapping[str, Any]) -> tuple[str, str] | None:
    for name, value in raw.items():
        if fault := check_text(name) or check_text(value):
            return name.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0"), fault
    return None


# --- CSV


def read_header(table: Table, header: list[str], *, line: int = 1) -> list[str] | Row:
    """The column names of a header row (English or Chinese), or the fault that refuses the file."""
    names: list[str] = []
    for cell in header:
        column = table.by_header.get(strip_blanks(cell))
        if column is None:
            fault = (
                check_text(cell)
                or explain_header(cell, header, set(table.by_header))
                or f"不认识表头 {show(cell)}，可用：{'、'.join(known.called for known in table.columns)}"
            )
            return whole_file(
                fault, line=line, column=cell.strip().encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
            )
        if column.name in names:
            return whole_file(
                f"表头 {column.called} 出现两次，同一列只能有一个（中文、英文表头也不能并存）",
                line=line,
                column=column.name,
            )
        names.append(column.name)
    for column in table.columns:
        if column.needed and column.name not in names:
            return whole_file(f"缺少表头 {column.called}", line=line, column=column.name)
    return names


class Records:
    """The records of a CSV file, each with its first line. An error stands in the place of one that is not CSV."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        # Whether a line of the record is.
        self.suspect = False

    def _feed(self) -> Iterator[str]:
        for line in self.lines:
            self.suspect = self.suspect or self.lines.suspect
            yield line

    def __iter__(self) -> Iterator[tuple[int, list[str] | csv.Error]]:
        records = csv.reader(self._feed(), strict=True)
        while True:
            first = self.lines.number + 1
            self.suspect = False
            try:
                record = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                yield first, error
                continue
            if record:
                yield first, record


def read_csv(table: Table, open_file: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """The rows of a CSV file (RFC 4180). A record of several lines is known by its first."""
    lines = Lines(open_file)
    if lines.fault:
        yield whole_file(lines.fault)
        return
    records = Records(lines)
    reader = Reader(table, json_values=False)
    names: list[str] | None = None
    for first, record in records:
        if names is None:
            header = _read_first(table, record, first)
            if isinstance(header, Row):
                yield header
                return
            names = header
        elif isinstance(record, csv.Error):
            yield Row(first, [], None, f"不是正确的 CSV：{_explain(record)}")
        elif not any(map(strip_blanks, record)):
            continue  # a row that holds nothing is none
        elif len(record) != len(names):
            found = f"有 {len(record)} 格，表头有 {len(names)} 列"
            fault = f"{found}；每行格数应与表头相同，含逗号、引号、换行的内容须加引号"
            yield Row(first, [], None, fault)
        else:
            raw = dict(zip(names, record, strict=True))
            row = reader.read(first, raw)
            if records.suspect and (broken := _check_raw(raw)):
                row.column, row.fault = broken
            yield row
    if names is None:
        yield whole_file("文件是空的，应有表头和数据；没有数据就不要放这个文件")


def _read_first(table: Table, record: list[str] | csv.Error, line: int) -> list[str] | Row:
    if isinstance(record, csv.Error):
        return whole_file(f"表头不是正确的 CSV（{_explain(record)}）", line=line)
    return read_header(table, record, line=line)


def _explain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "引号没有收尾"
    if "expected after" in text:
        return "引号之后还有别的字符，引号本身应写成两个"
    if "new-line" in text:
        return "行尾写法不对，应是换行或回车换行"
    return "一格太长"


# --- JSONL


def read_jsonl(table: Table, open_file: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """The rows of a JSON Lines file: one object a line."""
    lines = Lines(open_file)
    if lines.fault:
        yield whole_file(lines.fault)
        return
    reader = Reader(table, json_values=True)
    for text in lines:
        if text.isspace():
            continue
        if lines.too_long:
            yield Row(lines.number, [], None, f"这一行超过 {LINE_LIMIT >> 20} MiB，一项最多 1 MiB")
            continue
        try:
            raw = read_json(text)
            if type(raw) is not dict:
                raise Fault(f"写的是 {show(text.strip())}，每行应是一个 JSON 对象")
        except Fault as fault:
            yield Row(lines.number, [], None, check_text(text) if lines.suspect and "\0" in text else str(fault))
            continue
        row = reader.read(lines.number, raw)
        if (lines.suspect or "\\u" in text) and (found := _check_raw(raw)):
            row.column, row.fault = found
        yield row


def read_codes(table: Table, open_file: Callable[[], IO[bytes]]) -> Iterator[str]:
    """The codes in a CSV file whose header was refused.

    Rows that refer to them thus refer to a refused row.
    """
    header: list[str] | None = None
    place = -1
    try:
        for record in csv.reader(Lines(open_file)):
            if header is None:
                header = [strip_blanks(cell) for cell in record]
                wanted = [
                    place
                    for place, cell in enumerate(header)
                    if (column := table.by_header.get(cell)) and column.name == table.identity[0]
                ]
                if not wanted:
                    return
                place = wanted[0]
            elif len(record) > place:
                yield strip_blanks(record[place])
    except csv.Error:
        return
