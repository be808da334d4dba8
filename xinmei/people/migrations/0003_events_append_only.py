"""The guard of the event log as it was while an event got its number in the transaction of its act; 0007 puts up the
one that `people.append_only` has now.
"""

from django.db import migrations

from xinmei.people import append_only

SAID = "操作留痕只可追加"
SQLITE = {
    "event_not_updated": f"BEFORE UPDATE ON people_event BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
    "event_not_deleted": f"BEFORE DELETE ON people_event BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
    "event_at_the_end": (
        "BEFORE INSERT ON people_event WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM people_event) "
        f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    ),
}
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql "
    f"AS $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$",
    "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON people_event "
    "FOR EACH ROW EXECUTE FUNCTION event_append_only()",
)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, body in SQLITE.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {body}")
    elif schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_signing_in_and_standing_in")]

    operations = [
        migrations.RunPython(install, lambda apps, schema_editor: append_only.remove(schema_editor.connection)),
    ]
