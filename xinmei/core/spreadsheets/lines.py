"""The lines of a file as text, in UTF-8 or GB18030."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import IO, Final

FIELD_LIMIT: Final = 1 << 20
ENCODINGS: Final = "UTF-8（可带 BOM）或 GB18030"
# One line holds one row; a longer one cannot be read in one piece.
LINE_LIMIT = 64 << 20
SAMPLE = 1 << 20


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
