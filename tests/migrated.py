"""The migrated database, made once: the first process migrates, every other begins with a copy of what it made.

On SQLite the copy outlives the run, under a name that changes with the migrations and whatever they import.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache"
IMPORTED = re.compile(r"^\s*from (xinmei\.[\w.]+) import (\w+)", re.MULTILINE)


def key() -> str:
    """Of the locked libraries, all migrations, and the modules of ours that these import."""
    migrations = set(ROOT.glob("xinmei/**/migrations/*.py"))
    files = {ROOT / "requirements-dev.lock", *migrations}
    for migration in migrations:
        for module, name in IMPORTED.findall(migration.read_text(encoding="utf-8")):
            named = ROOT / module.replace(".", "/")
            files |= {named.with_suffix(".py"), named / "__init__.py", named / f"{name}.py"}
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class Migrated:
    """The copy. Whoever makes the object has the lock until `release`, so that nobody migrates beside another."""

    def __init__(self) -> None:
        KEPT.mkdir(exist_ok=True)
        self._lock = (KEPT / "migrated.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.name = f"xinmei_migrated_{key()}"
        self.file = KEPT / f"{self.name}.sqlite3"
        self.stands = self._stands()

    def begin_with(self) -> None:
        """The test database will be a copy of it."""
        test = connection.settings_dict["TEST"]
        if connection.vendor == "sqlite":
            _copy(self.file, Path(test["NAME"]))
        else:
            test["TEMPLATE"] = self.name

    def keep(self) -> None:
        """Makes it of the test database, into which no test has written yet."""
        database = connection.settings_dict["NAME"]
        connection.close()
        if connection.vendor == "sqlite":
            for old in KEPT.glob("xinmei_migrated_*"):
                old.unlink()
            half = self.file.with_suffix(".half")
            _copy(Path(database), half)
            half.rename(self.file)
        else:
            quoted = connection.ops.quote_name
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {quoted(self.name)} TEMPLATE {quoted(database)}")

    def release(self) -> None:
        """The next may look."""
        self._lock.close()

    def _stands(self) -> bool:
        if connection.vendor == "sqlite":
            return self.file.exists()
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None


def _copy(one: Path, other: Path) -> None:
    """All of a SQLite database, what waits in its log included."""
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)
