"""Every row has its file: its own bytes go."""

import django.db.models.deletion
from django.db import migrations, models

from xinmei.files.moving import check_all_moved


def check(apps, schema_editor):
    check_all_moved(apps.get_model("interaction", "AnswerProof").objects.all(), "file")


class Migration(migrations.Migration):
    dependencies = [("interaction", "0010_bytes_move")]

    operations = [
        migrations.RunPython(check, migrations.RunPython.noop),
        migrations.RemoveField(model_name="answerproof", name="data"),
        migrations.RemoveField(model_name="answerproof", name="sha256"),
        migrations.AlterField(
            model_name="answerproof",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="文件",
            ),
        ),
    ]
