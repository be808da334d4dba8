"""PostgreSQL: its own pg_dump and pg_restore, of the server's version or a newer one."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import psycopg
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from xinmei.upkeep.manifests import Unrecoverable

SUFFIX = "dump"


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def _tool(name: str) -> str:
    """The program of the server's version, or a newer one. Raises Unrecoverable."""
    wanted = _server_version()
    own = Path(f"/usr/lib/postgresql/{wanted}/bin/{name}")
    path = str(own) if own.is_file() else shutil.which(name)
    if path is None:
        raise Unrecoverable(
            f"这台机器上没有 {name}，无法备份 PostgreSQL 数据库；"
            f"请安装 {wanted} 版的客户端（postgresql-client-{wanted}）"
        )
    asked = [path, "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603  of the database
    version = re.search(r"\) (\d+)", said)
    if version is None or int(version[1]) < wanted:
        raise Unrecoverable(
            f"{name} 的版本是“{said.strip()}”，比数据库（{wanted}）旧，不能用；请安装 postgresql-client-{wanted}"
        )
    return path


def _run(name: str, *words: str) -> None:
    options = connection.settings_dict
    where = [
        f"--{word}={options[key]}"
        for word, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER"))
        if options[key]
    ]
    # never on the command line, where others could read it
    environment = os.environ | {"PGPASSWORD": options["PASSWORD"]}
    done = subprocess.run(  # noqa: S603
        [_tool(name), "--no-password", *where, *words], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise Unrecoverable(f"{name} 没有办成：{done.stderr.strip()[:500]}")


def estimate() -> int:
    """How many bytes a backup will take at most: it is compressed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def write(path: Path, tables: Iterable[str]) -> dict[str, int]:
    """Dumps one snapshot, and counts the rows of the same one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        words = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}")
        _run("pg_dump", *words, str(connection.settings_dict["NAME"]))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        counts = {}
        for name in sorted({row[0] for row in cursor.fetchall()}.intersection(tables)):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            counts[name] = int(cursor.fetchone()[0])
    return counts


def rehearse(path: Path, tables: Iterable[str]) -> dict[str, int]:
    """Restores into a database made for it, counts, and drops it. Raises Unrecoverable."""
    name = f"xinmei_rehearsal_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except DatabaseError as error:
            why = str(error).strip()
            raise Unrecoverable(
                f"不能建立演练用的临时数据库（{why}）；请给数据库账号建库权限：ALTER ROLE … CREATEDB"
            ) from None
        try:
            _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}", str(path))
            with psycopg.connect(
                **(connection.get_connection_params() | {"dbname": name, "cursor_factory": psycopg.Cursor})
            ) as restored:
                found = restored.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                there = sorted({table for (table,) in found}.intersection(tables))
                return {table: _count_in(restored, table) for table in there}
        finally:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _count_in(restored: psycopg.Connection[tuple[int]], table: str) -> int:
    row = restored.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return row[0] if row else 0


def restore(path: Path) -> None:
    """Restores into the database of the settings, which must have no tables yet. Raises Unrecoverable."""
    if connection.introspection.table_names():
        name = connection.settings_dict["NAME"]
        raise Unrecoverable(
            f"数据库 {name} 里已经有表，恢复不覆盖现有数据；请先停止服务，新建一个空库，在 XINMEI_DATABASE 里写它，"
            "再恢复"
        )
    _run(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        f"--dbname={connection.settings_dict['NAME']}",
        str(path),
    )
