"""Databases of an older release, for compare_migration.py: read with plain SQL, copied, loaded from a dump."""

from __future__ import annotations

import contextlib
import lzma
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Tables of the framework itself, and what it writes when a model moves.
NOT_OURS = ("django_", "auth_", "sqlite_")


class Database:
    """An SQLite file or a PostgreSQL database, read with plain SQL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite:///")

    def connect(self) -> Any:
        if self.is_sqlite:
            return sqlite3.connect(self.url.removeprefix("sqlite:///"))
        import psycopg

        return psycopg.connect(self.url)

    def tables(self) -> list[str]:
        """Our own tables."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
        if not self.is_sqlite:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        with contextlib.closing(self.connect()) as connection:
            names = [str(name) for (name,) in connection.execute(query)]
        return [name for name in names if not name.startswith(NOT_OURS)]

    def columns(self, table: str) -> list[str]:
        with contextlib.closing(self.connect()) as connection:
            found = connection.execute(f'SELECT * FROM "{table}" LIMIT 0')
            return [column[0] for column in found.description]

    def rows(self, table: str, columns: list[str], key: str) -> Iterator[tuple[Any, ...]]:
        """The rows in the order of their key."""
        listed = ", ".join(f'"{column}"' for column in columns)
        query = f'SELECT {listed} FROM "{table}" ORDER BY "{key}"'
        with contextlib.closing(self.connect()) as connection:
            cursor = connection.cursor() if self.is_sqlite else connection.cursor("rows")
            cursor.execute(query)
            while batch := cursor.fetchmany(5000):
                yield from batch

    def count(self, table: str) -> int:
        return int(self.execute(f'SELECT count(*) FROM "{table}"')[0][0])

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(self.connect()) as connection:
            return list(connection.execute(statement))


@contextlib.contextmanager
def copied(url: str, folder: Path) -> Iterator[Database]:
    """A copy of the database, gone at the end. A PostgreSQL server copies only what nobody is connected to."""
    if url.startswith("sqlite:///"):
        path = folder / f"copy-{len(list(folder.glob('copy-*.sqlite3')))}.sqlite3"
        with contextlib.closing(Database(url).connect()) as old, contextlib.closing(sqlite3.connect(path)) as new:
            old.backup(new)
        yield Database(f"sqlite:///{path}")
        return
    name = urlsplit(url).path.lstrip("/")
    copy = f"{name}_copy_{os.getpid()}"
    with server_of(url) as server:
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        try:
            yield Database(urlsplit(url)._replace(path=f"/{copy}").geturl())
        finally:
            server.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@contextlib.contextmanager
def server_of(url: str) -> Iterator[Any]:
    """The maintenance database of the server, outside of any transaction."""
    import psycopg

    with psycopg.connect(url, dbname="postgres", autocommit=True) as server:
        yield server


@contextlib.contextmanager
def loaded(dump: Path, url: str, folder: Path) -> Iterator[str]:
    """The address of a database made of a dump (.sql.xz): a file in `folder`, or one beside that which `url` names."""
    statements = lzma.decompress(dump.read_bytes()).decode()
    if url.startswith("sqlite:"):
        path = folder / "old.sqlite3"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript(statements)
        yield f"sqlite:///{path}"
        return
    import psycopg

    name = f"old_town_{os.getpid()}"
    statements = "\n".join(line for line in statements.split("\n") if not line.startswith("\\"))
    with server_of(url) as server:
        server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        try:
            with psycopg.connect(url, dbname=name) as connection:
                connection.execute(statements)
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
