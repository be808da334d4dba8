"""The model file: a table of named sections, little-endian, read in place."""

from __future__ import annotations

import struct

import numpy as np

MAGIC = b"XMTYPO1\0"


def log_table() -> np.ndarray:
    """256 * log2(1 + m/1024)."""
    return np.round(256 * np.log2(1 + np.arange(1024) / 1024)).astype(np.int32)


def pack(sections: dict[str, bytes | np.ndarray]) -> bytes:
    """The file's bytes; each section starts at a multiple of 8."""
    table, body = b"", b""
    start = 12 + 16 * len(sections)
    start += -start % 8
    for name, content in sections.items():
        data = content if isinstance(content, bytes) else np.ascontiguousarray(content).tobytes()
        table += struct.pack("<8sII", name.encode(), start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 8)
    head = MAGIC + struct.pack("<I", len(sections)) + table
    return head + b"\0" * (start - len(head)) + body
