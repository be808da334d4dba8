"""A process of its own that reads pictures: memory of the recognition grows, and a picture may break it.

On standard input one picture after the other: its length in four bytes, then its bytes. On standard output a line of
JSON each: {"text", "codes"} or {"error"}. Knows nothing of the rest of the house.
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys
from typing import Any, BinaryIO

# Longer sides are shrunk: a poster of 4,000 pixels takes ten times as long and reads no better.
LONGEST_SIDE, MOST_PIXELS = 2000, 80_000_000
SURE = 0.6


def main() -> None:
    """Answers until the input ends."""
    given, said = sys.stdin.buffer, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not come between the answers
    reader = None
    while (data := _next(given)) is not None:
        try:
            if reader is None:
                reader = _Reader()
            answer = reader.read(data)
        except (
            OSError,
            ValueError,
            RuntimeError,
            MemoryError,
            SyntaxError,
        ) as error:  # what Pillow and the engines raise for a broken picture
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        said.write(json.dumps(answer, ensure_ascii=False) + "\n")
        said.flush()


def _next(given: BinaryIO) -> bytes | None:
    head = given.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack(">I", head)
    return given.read(size)


class _Reader:
    """The two engines, loaded once."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine = RapidOCR(params={"Global.log_level": "error"})

    def read(self, data: bytes) -> dict[str, Any]:
        import numpy
        import zxingcpp
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        codes = [text for code in zxingcpp.read_barcodes(picture) if (text := code.text.replace("\0", ""))]
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        found: Any = self._engine(numpy.asarray(picture)[:, :, ::-1])
        lines = zip(found.txts or (), found.scores or (), strict=True)
        return {"text": "\n".join(text for text, sure in lines if sure >= SURE), "codes": codes}


if __name__ == "__main__":
    main()
