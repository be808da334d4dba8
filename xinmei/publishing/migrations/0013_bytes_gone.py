"""Every row has its file: its own bytes go."""

import django.db.models.deletion
from django.db import migrations, models

from xinmei.files.moving import check_all_moved


def check(apps, schema_editor):
    check_all_moved(apps.get_model("publishing", "Image").objects.all(), "file")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0012_bytes_move")]

    operations = [
        migrations.RunPython(check, migrations.RunPython.noop),
        migrations.RemoveField(model_name="image", name="data"),
        migrations.RemoveField(model_name="image", name="sha256"),
        migrations.AlterField(
            model_name="image",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="文件",
            ),
        ),
    ]
