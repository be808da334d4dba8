"""The database itself refuses to change a version, its pictures, or what was released, whoever asks.

Versions are written once: 「Nothing changes what was released」. A row of `publishing_release` cannot be deleted
either, and the version and its draft are held by it.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("publishing_draftversion", "publishing_draftimage", "publishing_release")
_SAID = "签发的稿件不能改动"


def _triggers() -> list[tuple[str, str, str]]:
    """(name, table, act)."""
    updates = [(f"{table}_not_updated", table, "UPDATE") for table in TABLES]
    return [*updates, ("publishing_release_not_deleted", "publishing_release", "DELETE")]


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts the triggers up."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION draft_unchanging() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
            )
        for name, table, act in _triggers():
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
                )
            elif connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION draft_unchanging()"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers down: a migration undone, and a test database that is emptied between tests."""
    with connection.cursor() as cursor:
        for name, table, _ in _triggers():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            elif connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
