"""The database itself refuses to change or delete an event, whoever asks.

The one change that it lets pass is the sealing: an event that waits gets the next number, and nothing else changes.

SQLite also refuses to put one anywhere but at the end. On PostgreSQL the role of the application should own nothing:
docs/decisions/0074-event-log.md.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SAID = "操作留痕只可追加"
_NEXT = "(SELECT COALESCE(MAX(number), 0) + 1 FROM people_event)"
_ROWS = "(SELECT id FROM people_event)"
_WRITTEN = ("id", "at", "actor", "post", "unit", "address", "verb", "object_kind", "object_id", "content", "written_at")
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
_SQLITE = {
    # the one change there is: an event that waits gets the next number of the chain
    "event_not_updated": (
        "BEFORE UPDATE ON people_event WHEN OLD.number IS NOT NULL "
        f"OR NEW.number IS NOT {_NEXT} OR NEW.previous IS NULL OR NEW.digest IS NULL "
        + "".join(f"OR NEW.{name} IS NOT OLD.{name} " for name in _WRITTEN)
        + _REFUSE
    ),
    "event_not_deleted": f"BEFORE DELETE ON people_event {_REFUSE}",
    # INSERT OR REPLACE deletes without asking the trigger above
    "event_at_the_end": (
        "BEFORE INSERT ON people_event WHEN NEW.number IS NOT NULL OR NEW.digest IS NOT NULL "
        f"OR NEW.id IN {_ROWS} {_REFUSE}"
    ),
}
_KEPT = "ROW({}) IS NOT DISTINCT FROM ROW({})".format(
    ", ".join(f"NEW.{name}" for name in _WRITTEN), ", ".join(f"OLD.{name}" for name in _WRITTEN)
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'INSERT' AND NEW.number IS NULL AND NEW.digest IS NULL THEN RETURN NEW; END IF; "
    f"IF TG_OP = 'UPDATE' AND OLD.number IS NULL AND NEW.number = {_NEXT} "
    f"AND NEW.previous IS NOT NULL AND NEW.digest IS NOT NULL AND {_KEPT} THEN RETURN NEW; END IF; "
    f"RAISE EXCEPTION '{_SAID}'; END $$",
    "CREATE TRIGGER event_append_only BEFORE INSERT OR UPDATE OR DELETE ON people_event "
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
