"""Signed checkpoints of the event chain, outside of the database: lines of a file, and of syslog where there is one."""

from __future__ import annotations

import logging
import logging.handlers
import os
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection

from xinmei.people.chain import FIELDS, Checkpoint, Flaw, find_flaws, read_checkpoint, sign_checkpoint
from xinmei.people.models import Event

EVERY = 100  # events


def default_file() -> Path:
    """Where checkpoints go: set by XINMEI_CHECKPOINTS, best to where the database's administrator cannot write."""
    return Path(settings.CHECKPOINTS)


@cache
def _load_key(path: Path) -> Ed25519PrivateKey:
    """The private key. It is made once and only its owner can read it.

    The public key lies beside it, for whoever verifies elsewhere.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        path.with_suffix(".pub").write_bytes(public)
        return key
    except FileExistsError:
        loaded = serialization.load_pem_private_key(path.read_bytes(), None)
        assert isinstance(loaded, Ed25519PrivateKey)
        return loaded


def load_public_key() -> Ed25519PublicKey:
    """The key that checkpoints are verified with."""
    return _load_key(settings.CHECKPOINT_KEY).public_key()


def write_checkpoint(at: datetime) -> Checkpoint | None:
    """Signs the last sealed event, into the file and to syslog; None where there is no event yet."""
    last = Event.objects.filter(number__isnull=False).order_by("-number").only("number", "digest").first()
    if last is None or last.number is None or last.digest is None:
        return None
    checkpoint = sign_checkpoint(_load_key(settings.CHECKPOINT_KEY), last.number, last.digest, at)
    path = default_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:  # one short line, appended whole
        file.write(checkpoint.as_line())
    _send_to_syslog(checkpoint.as_line().strip())
    return checkpoint


def _send_to_syslog(line: str) -> None:
    if settings.SYSLOG:
        handler = logging.handlers.SysLogHandler(address=_syslog_address(settings.SYSLOG))
        try:
            handler.emit(
                logging.LogRecord("xinmei", logging.INFO, __file__, 0, f"xinmei checkpoint {line}", None, None)
            )
        finally:
            handler.close()


def _syslog_address(text: str) -> str | tuple[str, int]:
    host, colon, port = text.rpartition(":")
    return (host, int(port)) if colon and port.isdigit() else text


def read_checkpoints(path: Path) -> tuple[list[Checkpoint], list[Flaw]]:
    """The checkpoints of a file, and a flaw for each line that is broken or not signed by our key."""
    good, flaws = [], []
    key = load_public_key()
    for place, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if line.strip():
            try:
                good.append(read_checkpoint(line, key))
            except ValueError:
                flaws.append(Flaw(0, f"检查点文件第 {place} 行残缺，或不是用本系统的密钥签的"))
    return good, flaws


def verify_chain(path: Path | None) -> tuple[int, int, list[Flaw]]:
    """How many sealed events and checkpoints there are, and all flaws.

    The events are streamed: a million take seconds and no memory.
    """
    checkpoints, flaws = read_checkpoints(path) if path else ([], [])
    count = [0]
    flaws += find_flaws(_stream(), checkpoints, count)
    return count[0], len(checkpoints), flaws


def _stream() -> Iterator[tuple[object, ...]]:
    """The events as the database keeps them, by number."""
    with connection.chunked_cursor() as cursor:
        columns = ", ".join((*FIELDS, "digest"))
        cursor.execute(f"SELECT {columns} FROM people_event WHERE number IS NOT NULL ORDER BY number")  # noqa: S608
        while rows := cursor.fetchmany(5000):
            yield from rows
