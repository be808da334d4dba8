"""The parts of an upload go into the store as one file."""

from django.db import migrations

from xinmei.files.moving import move_parts


def move(apps, schema_editor):
    parts = apps.get_model("collectors", "UploadPart").objects

    def parts_of(pk):
        rows = parts.filter(upload=pk).order_by("place").values_list("data", flat=True)
        return (bytes(data) for data in rows.iterator(chunk_size=1))

    move_parts(apps, apps.get_model("collectors", "Upload").objects.all(), parts_of, file="file")


class Migration(migrations.Migration):
    # Batch by batch: files.moving.
    atomic = False
    dependencies = [("collectors", "0003_files")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
