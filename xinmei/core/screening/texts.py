"""Many texts in one call, as the engines in C read them (see `texts.h`)."""

from __future__ import annotations

from typing import Any

Buffer = Any  # anything with the buffer protocol
# A list, or a column as Arrow keeps it: UTF-8 in one buffer, offsets of 64 bits (wide) or 32, the first row, how many.
Texts = list[str] | tuple[Buffer, Buffer, int, int, bool]


def of_arrow(column: Any) -> Texts:
    """A pyarrow array of texts, without a copy. A null is an empty text."""
    if not len(column):
        return []
    _, offsets, data = column.buffers()
    return data or b"", offsets, column.offset, len(column), str(column.type) == "large_string"
