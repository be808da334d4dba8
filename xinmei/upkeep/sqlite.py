"""SQLite: the online backup API, used while people go on working; never a copy of the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from django.db import connection

from xinmei.upkeep.manifests import Unrecoverable

SUFFIX = "sqlite3"


def _open(path: Path | str) -> closing[sqlite3.Connection]:
    """Opens an existing database. A missing one is not created."""
    return closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=60))


def _live() -> Path:
    return Path(connection.settings_dict["NAME"])


def estimate() -> int:
    """About how many bytes a backup will take."""
    return _live().stat().st_size


def write(path: Path, tables: Iterable[str]) -> dict[str, int]:
    """Copies the database as it stands at one moment into a new file, and counts its rows there."""
    with _open(_live()) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        return _count(target, tables)


def rehearse(path: Path, tables: Iterable[str]) -> dict[str, int]:
    """Restores into a temporary database, examines all of it, and counts. Raises Unrecoverable."""
    with TemporaryDirectory(dir=path.parent) as place:
        try:
            with _open(path) as source, closing(sqlite3.connect(Path(place) / "rehearsal.sqlite3")) as target:
                source.backup(target)
                if (found := target.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                    raise Unrecoverable(f"数据库内部不一致（{found}）")
                return _count(target, tables)
        except sqlite3.DatabaseError as error:
            raise Unrecoverable(f"打不开或读不全（{error}）") from None


def restore(path: Path) -> None:
    """Puts the backup in the place of the database of the settings, which must not exist yet. Raises Unrecoverable."""
    live = _live()
    if live.exists():
        raise Unrecoverable(
            f"数据库文件 {live} 已经存在，恢复不覆盖现有数据；请先停止服务，把它（连同 -wal、-shm）移到别处，再恢复"
        )
    live.parent.mkdir(parents=True, exist_ok=True)
    part = live.with_name(f"{live.name}.part")
    part.unlink(missing_ok=True)
    with _open(path) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    part.replace(live)


def _count(database: sqlite3.Connection, tables: Iterable[str]) -> dict[str, int]:
    # The names are our own models', or those of the manifest, which are looked up first.
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for name in sorted(there.intersection(tables))
    }
