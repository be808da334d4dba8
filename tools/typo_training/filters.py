"""Binary fuse filters (Graf and Lemire, 2022), which map a key to a small value.

They take 1.13 cells a key, and no key can be read back.
"""

from __future__ import annotations

import struct

import numpy as np


def print_of(hashes: np.ndarray) -> np.ndarray:
    """Ten bits of a key's hash, kept beside its value to distinguish it from (nearly all) other keys."""
    with np.errstate(over="ignore"):
        mixed = ((hashes ^ (hashes >> np.uint64(32))) & np.uint64(0xFFFFFFFF)) * np.uint64(0x85EBCA6B) & np.uint64(
            0xFFFFFFFF
        )
    return (mixed >> np.uint64(22)).astype(np.uint16)


def _cells_of(hashes: np.ndarray, bits: int, segments: int) -> np.ndarray:
    length, mask = np.int64(1 << bits), np.uint64((1 << bits) - 1)
    span = segments << bits
    high, low = hashes >> np.uint64(32), hashes & np.uint64(0xFFFFFFFF)
    first = ((high * np.uint64(span) + ((low * np.uint64(span)) >> np.uint64(32))) >> np.uint64(32)).astype(np.int64)
    second = (first + length) ^ ((hashes >> np.uint64(18)) & mask).astype(np.int64)
    third = (first + 2 * length) ^ (hashes & mask).astype(np.int64)
    return np.stack([first, second, third])


class Layout:
    """Where keys lie in a filter, found once for all values that they may have. `hashes` are distinct.

    Raises ValueError when the keys cannot be laid out.
    """

    def __init__(self, hashes: np.ndarray) -> None:
        n = len(hashes)
        self.bits = int(np.clip(np.floor(np.log(max(n, 2)) / np.log(3.33) + 2.25), 2, 18))
        for slack in (1.0, 1.02, 1.05, 1.1, 1.3):
            capacity = n * max(1.125, 0.875 + 0.25 * np.log(1e6) / np.log(max(n, 2))) * slack
            self.segments = max(1, int(np.ceil(capacity / (1 << self.bits))) - 2)
            self.places = _cells_of(hashes, self.bits, self.segments)
            order = _peel(self.places, (self.segments + 2) << self.bits)
            if order is not None:
                break
        else:
            raise ValueError(f"{n} keys cannot be laid out in a filter: two of them are the same")
        self.order = order[::-1]

    def fill(self, values: np.ndarray, cell: type[np.unsignedinteger]) -> bytes:
        """Filter bytes: bits of a segment, segments, cells."""
        table = np.zeros((self.segments + 2) << self.bits, dtype=cell)
        first, second, third = self.places
        for keys, own in self.order:
            others = table[first[keys]] ^ table[second[keys]] ^ table[third[keys]] ^ table[own]
            table[own] = others ^ values[keys].astype(cell)
        return struct.pack("<II", self.bits, self.segments) + table.tobytes()


def narrow(filter_: bytes) -> bytes:
    """A filter of 16-bit cells with 12 bits in use, two cells in three bytes."""
    cells = np.frombuffer(filter_, dtype=np.uint16, offset=8)
    even, odd = cells[0::2], cells[1::2]
    packed = np.stack([even & 255, even >> 8 | (odd & 15) << 4, odd >> 4], axis=1).astype(np.uint8)
    return filter_[:8] + packed.tobytes()


def _peel(places: np.ndarray, size: int) -> list[tuple[np.ndarray, np.ndarray]] | None:
    """Rounds of (keys, a cell of each that no later key uses), or None."""
    n = places.shape[1]
    keys = np.arange(n, dtype=np.int64)
    degree = np.zeros(size, dtype=np.int32)
    joined = np.zeros(size, dtype=np.int64)
    for row in places:
        degree += np.bincount(row, minlength=size).astype(np.int32)
        np.bitwise_xor.at(joined, row, keys)
    rounds, left = [], n
    ready = np.flatnonzero(degree == 1)
    while len(ready):
        chosen, first = np.unique(joined[ready], return_index=True)
        rounds.append((chosen, ready[first]))
        left -= len(chosen)
        touched = places[:, chosen].ravel()
        np.subtract.at(degree, touched, 1)
        np.bitwise_xor.at(joined, touched, np.tile(chosen, 3))
        touched = np.unique(touched)
        ready = touched[degree[touched] == 1]
    return rounds if not left else None
