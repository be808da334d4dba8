"""What a store is.

A store knows bytes and digests, nothing of rows or transactions: those are the business of `keeping` and `sweeping`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

CHUNK = 1 << 20


class FileFault(Exception):
    """The bytes of a file cannot be had as they were kept. The Chinese text says why."""


class Missing(FileFault):
    """The store has no such file."""


class Altered(FileFault):
    """The store has other bytes under this digest."""


class Unreachable(FileFault):
    """The store does not answer; nothing is known of the file."""


class Misplaced(Exception):
    """The setting names no usable store. The Chinese text says what to do."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A file as it lies in a store."""

    sha256: str
    size: int
    at: datetime


class Store(Protocol):
    """Where bytes lie, each file under its digest."""

    def put(self, chunks: Iterable[bytes], under: str = "") -> tuple[str, int]:
        """Takes a file in, whole or not at all; returns its digest and size.

        A sound file that is there already is left alone. `under` is the digest to keep it by where that is known
        already, whatever the bytes: a copy of an altered file is as altered as that one.
        """

    def read(self, sha256: str) -> Iterator[bytes]:
        """The bytes as they lie there, unverified. Raises Missing."""

    def remove(self, digests: Iterable[str]) -> None:
        """Removes these files; one that is not there is no fault."""

    def listed(self) -> Iterator[Lying]:
        """All files that lie there."""


def verified(store: Store, sha256: str) -> Iterator[bytes]:
    """The bytes of a file, a part at a time. Raises Missing at once; Altered at the end, so use nothing before it."""
    found = hashlib.sha256()
    for chunk in store.read(sha256):
        found.update(chunk)
        yield chunk
    if found.hexdigest() != sha256:
        raise Altered(f"文件 {sha256[:12]} 的内容与存入时的摘要不符")


def is_sound(store: Store, sha256: str) -> bool:
    """Whether the file is there and is what it was."""
    try:
        for _ in verified(store, sha256):
            pass
    except (Missing, Altered):
        return False
    return True
