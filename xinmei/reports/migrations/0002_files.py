"""The files of a paper become files of the store."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("files", "0001_files")]

    operations = [
        migrations.RenameField(model_name="bulletin", old_name="docx", new_name="docx_bytes"),
        migrations.RenameField(model_name="bulletin", old_name="pdf", new_name="pdf_bytes"),
        migrations.AddField(
            model_name="bulletin",
            name="docx",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="Word 文件",
            ),
        ),
        migrations.AddField(
            model_name="bulletin",
            name="pdf",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="PDF 文件",
            ),
        ),
    ]
