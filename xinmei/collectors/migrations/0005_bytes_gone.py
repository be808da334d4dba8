"""Every upload has its file: the parts go."""

import django.db.models.deletion
from django.db import migrations, models

from xinmei.files.moving import check_all_moved


def check(apps, schema_editor):
    check_all_moved(apps.get_model("collectors", "Upload").objects.all(), "file")


class Migration(migrations.Migration):
    dependencies = [("collectors", "0004_bytes_move")]

    operations = [
        migrations.RunPython(check, migrations.RunPython.noop),
        migrations.DeleteModel(name="UploadPart"),
        migrations.AlterField(
            model_name="upload",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="文件",
            ),
        ),
    ]
