"""The chain of events and its signed checkpoints, without Django: how a digest is made, and how flaws are found.

An event's digest is SM3 (GB/T 32905) over all its fields and the digest of the event before. Numbers run 1, 2, 3 ….
Whoever changes, cuts out, puts in or swaps rows breaks a digest or a number.

Whoever recomputes the whole rest of the chain, or cuts off its tail, is found by the checkpoints. These are lines
signed with Ed25519 and kept outside of the database. Each holds the number and the digest of the event that was last
when it was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

GENESIS = "0" * 64
# The fields of an event in the order in which they enter its digest, with `previous` at the end.
FIELDS = ("number", "at", "actor", "post", "unit", "address", "verb", "object_kind", "object_id", "content", "previous")


def write_moment(at: datetime | str) -> str:
    """A moment as it enters the digest: UTC with microseconds. SQLite keeps moments as text in UTC."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


def digest(fields: Sequence[Any]) -> str:
    """The digest of an event: its `FIELDS`, `at` as a moment or as text."""
    row = list(fields)
    row[1] = write_moment(row[1])
    return hashlib.new("sm3", json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Flaw:
    """Where the chain is broken, in Chinese."""

    number: int
    what: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last event at some time, signed."""

    number: int
    digest: str
    at: str
    signature: str

    @property
    def signed(self) -> bytes:
        """What the signature covers."""
        return json.dumps([self.number, self.digest, self.at], separators=(",", ":")).encode()

    def as_line(self) -> str:
        """One line of the checkpoint file."""
        return (
            json.dumps({"number": self.number, "digest": self.digest, "at": self.at, "signature": self.signature})
            + "\n"
        )


def sign_checkpoint(key: Ed25519PrivateKey, number: int, last_digest: str, at: datetime) -> Checkpoint:
    """A checkpoint of the chain up to event `number`."""
    bare = Checkpoint(number, last_digest, write_moment(at), "")
    return Checkpoint(number, last_digest, bare.at, key.sign(bare.signed).hex())


def read_checkpoint(line: str, key: Ed25519PublicKey) -> Checkpoint:
    """A line of the checkpoint file; raises ValueError where it is broken or not signed by `key`."""
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("no object")
    try:
        checkpoint = Checkpoint(int(row["number"]), str(row["digest"]), str(row["at"]), str(row["signature"]))
        key.verify(bytes.fromhex(checkpoint.signature), checkpoint.signed)
    except (KeyError, TypeError, InvalidSignature) as error:
        raise ValueError("not signed") from error
    return checkpoint


def find_flaws(events: Iterable[Sequence[Any]], checkpoints: Iterable[Checkpoint], count: list[int]) -> Iterator[Flaw]:
    """Every flaw of the chain.

    `events` are rows of FIELDS with the digest, in the order of their numbers. `count` is told how many there were.
    """
    marks: dict[int, set[str]] = {}
    for checkpoint in checkpoints:
        marks.setdefault(checkpoint.number, set()).add(checkpoint.digest)
    previous, expected = GENESIS, 1
    for *fields, stored in events:
        number = fields[0]
        if number != expected:
            yield Flaw(number, f"序号应为 {expected}，实为 {number}：有记录被删除、插入或调换")
        if fields[10] != previous:
            yield Flaw(number, "与前一条的摘要不相接")
        if digest(fields) != stored:
            yield Flaw(number, "内容与摘要不符：记录被改动")
        if marks.pop(number, {stored}) != {stored}:
            yield Flaw(number, "与当时签名的检查点不符：链条被整体改写")
        previous, expected = stored, number + 1
        count[0] += 1
    for number in sorted(marks):
        if number > 0:
            yield Flaw(number, "检查点记有这一条，库中没有：尾部被截去")
