"""The database itself refuses to change or delete an event, whoever asks.

SQLite also refuses to put one anywhere but at the end. On PostgreSQL the role of the application should own nothing:
docs/decisions/0074-event-log.md.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SAID = "操作留痕只可追加"
_NEXT = "(SELECT COALESCE(MAX(number), 0) + 1 FROM people_event)"
_SQLITE = {
    "event_not_updated": f"BEFORE UPDATE ON people_event BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    "event_not_deleted": f"BEFORE DELETE ON people_event BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    # INSERT OR REPLACE deletes without asking the trigger above
    "event_at_the_end": (
        f"BEFORE INSERT ON people_event WHEN NEW.number <> {_NEXT} BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
    ),
}
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql "
    f"AS $$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$",
    "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON people_event "
    "FOR EACH ROW EXECUTE FUNCTION event_append_only()",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts the triggers up."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, body in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")
        elif connection.vendor == "postgresql":
            for statement in _POSTGRESQL:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers down: a migration undone, and a test database that is emptied between tests."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        elif connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS event_append_only ON people_event")
