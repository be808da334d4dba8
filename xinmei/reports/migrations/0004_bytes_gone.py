"""Every row has its files: its own bytes go."""

import django.db.models.deletion
from django.db import migrations, models

from xinmei.files.moving import check_all_moved


def check(apps, schema_editor):
    check_all_moved(apps.get_model("reports", "Bulletin").objects.all(), "docx")
    check_all_moved(apps.get_model("reports", "Bulletin").objects.all(), "pdf")


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_bytes_move")]

    operations = [
        migrations.RunPython(check, migrations.RunPython.noop),
        migrations.RemoveField(model_name="bulletin", name="docx_bytes"),
        migrations.RemoveField(model_name="bulletin", name="pdf_bytes"),
        migrations.RemoveField(model_name="bulletin", name="docx_sha256"),
        migrations.RemoveField(model_name="bulletin", name="pdf_sha256"),
        migrations.AlterField(
            model_name="bulletin",
            name="docx",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="Word 文件",
            ),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="pdf",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="PDF 文件",
            ),
        ),
    ]
