"""A backup is a file with its manifest beside it (`….json`).

The folder is the list, which is therefore whole even where the database is gone.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

_CHUNK = 1 << 20


class Unrecoverable(Exception):
    """A backup cannot be made or restored. The Chinese text says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup.

    `name` is that of its file, `kind` "sqlite" or "postgresql", `rows` how many of each table, `version` that of the
    program. `files` is how many files belong to it (mirror.py; None: it was made when files were rows), `unsaved` those
    that could not be read then. `checked_at` is when it was last rehearsed (None: never). `fault` is what the rehearsal
    found, "" where it can be restored.
    """

    name: str
    kind: str
    made_at: datetime
    bytes: int
    sha256: str
    sm3: str
    rows: dict[str, int]
    version: str
    files: int | None = None
    unsaved: str = ""
    checked_at: datetime | None = None
    fault: str = ""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return folder() / self.name

    @property
    def list_of_files(self) -> Path:
        """Where the digests of its files are listed."""
        return folder() / f"{self.name}.files"

    @property
    def total(self) -> int:
        """How many rows altogether."""
        return sum(self.rows.values())

    @property
    def state(self) -> str:
        """ "recoverable", "broken", or "unchecked"."""
        return "unchecked" if self.checked_at is None else "broken" if self.fault else "recoverable"


def folder() -> Path:
    """Where backups lie (XINMEI_BACKUPS)."""
    return Path(settings.BACKUPS)


def list_backups() -> list[Backup]:
    """All backups whose file exists, the newest first. A manifest that cannot be read is not ours."""
    found = []
    for path in folder().glob("*.json"):
        try:
            row: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            times = {
                name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("made_at", "checked_at")
            }
            found.append(Backup(**(row | times)))
        except (ValueError, TypeError, KeyError):
            continue
    return sorted(
        (one for one in found if one.made_at and one.path.is_file()), key=lambda one: one.made_at, reverse=True
    )


def write_manifest(backup: Backup) -> None:
    """Writes the manifest beside the file, whole or not at all."""
    path = folder() / f"{backup.name}.json"
    part = path.with_suffix(".part")
    part.write_text(
        json.dumps(asdict(backup), ensure_ascii=False, indent=1, default=lambda value: value.isoformat()),
        encoding="utf-8",
    )
    os.chmod(part, 0o600)
    part.replace(path)


def mark_checked(backup: Backup, at: datetime, fault: str) -> Backup:
    """Records what a rehearsal found."""
    marked = replace(backup, checked_at=at, fault=fault)
    write_manifest(marked)
    return marked


def drop_oldest(kept: int) -> list[str]:
    """Removes the backups beyond the newest `kept`, but never the newest that was rehearsed well.

    Returns the names of those removed.
    """
    backups = list_backups()
    good = next((one for one in backups if one.state == "recoverable"), None)
    gone = [one for one in backups[kept:] if one is not good]
    for one in gone:
        one.path.unlink(missing_ok=True)
        one.list_of_files.unlink(missing_ok=True)
        (folder() / f"{one.name}.json").unlink(missing_ok=True)
    return [one.name for one in gone]


def digest_file(path: Path) -> tuple[str, str]:
    """SHA-256 and SM3 of a file, read once."""
    sha256, sm3 = hashlib.sha256(), hashlib.new("sm3")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            sm3.update(chunk)
    return sha256.hexdigest(), sm3.hexdigest()
