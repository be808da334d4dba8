"""The bytes go into the store."""

from django.db import migrations

from xinmei.files.moving import move_bytes


def move(apps, schema_editor):
    rows = apps.get_model("supervision", "Evidence").objects.exclude(media_type="application/json")
    move_bytes(apps, rows, data="data", file="file", digest="sha256", empty=True)


class Migration(migrations.Migration):
    # Batch by batch: files.moving.
    atomic = False
    dependencies = [("supervision", "0015_files")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
