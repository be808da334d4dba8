"""What shows when an answer was given becomes a file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interaction", "0008_answer_proof"), ("files", "0001_files")]

    operations = [
        migrations.AddField(
            model_name="answerproof",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="文件",
            ),
        ),
    ]
