"""The chain is sealed behind the commits: an event has a row of its own before it has its number.

What is sealed stays as it is: the old number is also the number of the row, and no digest changes.
"""

from django.db import migrations, models
from django.db.models.functions import Now

from xinmei.people import append_only


def take_guard_down(apps, schema_editor):
    append_only.remove(schema_editor.connection)


def put_guard_up(apps, schema_editor):
    append_only.install(schema_editor.connection)


def count_on(apps, schema_editor):
    """PostgreSQL numbers the rows from the last one on; SQLite does so by itself."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "SELECT setval(pg_get_serial_sequence('people_event', 'id'), "
            "(SELECT COALESCE(MAX(id), 0) + 1 FROM people_event), false)"
        )


class Migration(migrations.Migration):
    dependencies = [("people", "0006_positions")]

    operations = [
        migrations.RunPython(take_guard_down, migrations.RunPython.noop),
        migrations.AlterModelOptions("event", {"ordering": ["id"], "verbose_name": "操作留痕", "verbose_name_plural": "操作留痕"}),
        migrations.RenameField("event", "number", "id"),
        migrations.AlterField("event", "id", models.BigAutoField(primary_key=True, serialize=False)),
        migrations.RunPython(count_on, migrations.RunPython.noop),
        migrations.AddField("event", "number", models.BigIntegerField(editable=False, null=True, verbose_name="序号")),
        migrations.RunSQL("UPDATE people_event SET number = id", migrations.RunSQL.noop),
        migrations.AlterField("event", "number", models.BigIntegerField(editable=False, null=True, unique=True, verbose_name="序号")),
        migrations.AlterField("event", "previous", models.CharField(editable=False, max_length=64, null=True, verbose_name="前一摘要")),
        migrations.AlterField("event", "digest", models.CharField(editable=False, max_length=64, null=True, unique=True, verbose_name="摘要")),
        migrations.AddField("event", "written_at", models.DateTimeField(editable=False, null=True, verbose_name="写入时间")),
        migrations.AlterField("event", "written_at", models.DateTimeField(db_default=Now(), editable=False, null=True, verbose_name="写入时间")),
        migrations.AddIndex("event", models.Index(condition=models.Q(("number__isnull", True)), fields=["id"], name="event_unsealed")),
        migrations.RunPython(put_guard_up, take_guard_down),
    ]
