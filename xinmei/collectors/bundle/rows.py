"""Rows of CSV and JSONL files, read as a stream: each with its line, its values, or its first fault."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from xinmei.collectors.bundle.kinds import ABSENT, ENCODINGS, FIELD_LIMIT, Fault, check_text, show
from xinmei.collectors.bundle.parts import read_json
from xinmei.collectors.bundle.table import Table

# One line holds one row; a longer one cannot be read in one piece.
LINE_LIMIT = 64 << 20
SAMPLE = 1 << 20

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


# --- lines


class Lines:
    """The lines of a file as text.

    Undecodable bytes become lone surrogates. `check_text` refuses them where a line is `suspect`.
    """

    def __init__(self, open_file: Callable[[], IO[bytes]]) -> None:
        self.open_file = open_file
        self.number = 0
        self.suspect = False
        self.too_long = False
        with open_file() as file:
            self.sample = file.read(SAMPLE)
        self.encoding = _guess(self.sample)

    @property
    def fault(self) -> str | None:
        """Why no line of the file can be read."""
        if not self.sample.removeprefix(codecs.BOM_UTF8).strip():
            return "文件是空的，应有表头和数据；没有数据就不要放这个文件"
        head = self.sample[:400]
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or head[:100].count(
            0
        ) * 10 >= len(head[:100]):
            return f"文件像是 UTF-16 或 UTF-32 编码（或不是文本），应是 {ENCODINGS}，请另存为 UTF-8"
        return None

    def __iter__(self) -> Iterator[str]:
        self.number = 0
        with self.open_file() as file:
            while line := file.readline(LINE_LIMIT):
                self.number += 1
                self.too_long = len(line) == LINE_LIMIT and not line.endswith(b"\n")
                if self.too_long:
                    while (rest := file.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                        pass
                yield self._decode(line)

    def _decode(self, line: bytes) -> str:
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        self.suspect = b"\0" in line or len(line) > FIELD_LIMIT >> 2
        if self.encoding is None and not line.isascii():  # only ASCII so far: this line decides
            self.encoding = _guess(line) or "utf-8"
        try:
            text = line.decode(self.encoding or "utf-8")
        except UnicodeDecodeError:
            self.suspect = True
            text = line.decode(self.encoding or "utf-8", "surrogateescape")
        return text.removeprefix("\ufeff") if self.number == 1 else text


def _guess(sample: bytes) -> str | None:
    """UTF-8 or GB18030, whichever reads more lines; None where all is ASCII.

    A damaged line does not change the encoding of its whole file.
    """
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if sample.isascii():
        return None
    lines = sample.split(b"\n")
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()  # cut in the middle
    return "gb18030" if _count(lines, "gb18030") > _count(lines, "utf-8") else "utf-8"


def _count(lines: list[bytes], encoding: str) -> int:
    count = 0
    for line in lines:
        if not line.isascii():
            try:
                line.decode(encoding)
                count += 1
            except UnicodeDecodeError:
                pass
    return count


# --- CSV


def read_header(table: Table, header: list[str], *, line: int = 1) -> list[str] | Row:
    """The column names of a header row (English or Chinese), or the fault that refuses the file."""
    names: list[str] = []
    for cell in header:
        column = table.by_header.get(cell.strip())
        if column is None:
            fault = (
                check_text(cell)
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


def read_csv(table: Table, open_file: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """The rows of a CSV file (RFC 4180). A record of several lines is known by its first."""
    lines = Lines(open_file)
    if lines.fault:
        yield whole_file(lines.fault)
        return
    suspect = False

    def feed() -> Iterator[str]:
        nonlocal suspect
        for line in lines:
            suspect = suspect or lines.suspect
            yield line

    records = csv.reader(feed(), strict=True)
    reader = Reader(table, json_values=False)
    names: list[str] | None = None
    while True:
        first = lines.number + 1
        suspect = False
        try:
            record = next(records)
        except StopIteration:
            break
        except csv.Error as error:
            if names is None:
                yield whole_file(f"表头不是正确的 CSV（{_explain(error)}）", line=first)
                return
            yield Row(first, [], None, f"不是正确的 CSV：{_explain(error)}")
            continue
        if not record:
            continue
        if names is None:
            header = read_header(table, record, line=first)
            if isinstance(header, Row):
                yield header
                return
            names = header
            continue
        if len(record) != len(names):
            yield Row(
                first,
                [],
                None,
                f"有 {len(record)} 格，表头有 {len(names)} 列；每行格数应与表头相同，含逗号、引号、换行的内容须加引号",
            )
            continue
        raw = dict(zip(names, record, strict=True))
        if suspect and (found := _check_raw(raw)):
            row = reader.read(first, raw)
            row.column, row.fault = found
            yield row
        else:
            yield reader.read(first, raw)
    if names is None:
        yield whole_file("文件是空的，应有表头和数据；没有数据就不要放这个文件")


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
                header = [cell.strip() for cell in record]
                wanted = [
                    place
                    for place, cell in enumerate(header)
                    if (column := table.by_header.get(cell)) and column.name == table.identity[0]
                ]
                if not wanted:
                    return
                place = wanted[0]
            elif len(record) > place:
                yield record[place]
    except csv.Error:
        return
