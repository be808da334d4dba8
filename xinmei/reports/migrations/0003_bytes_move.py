"""The bytes go into the store."""

from django.db import migrations

from xinmei.files.moving import move_bytes


def move(apps, schema_editor):
    rows = apps.get_model("reports", "Bulletin").objects.all()
    for name in ("docx", "pdf"):
        move_bytes(apps, rows, data=f"{name}_bytes", file=name, digest=f"{name}_sha256")


class Migration(migrations.Migration):
    # Batch by batch: files.moving.
    atomic = False
    dependencies = [("reports", "0002_files")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
