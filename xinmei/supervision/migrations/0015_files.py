"""What people attach as evidence becomes a file; what the machine records stays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0014_kept_rates"), ("files", "0001_files")]

    operations = [
        migrations.RemoveConstraint(model_name="evidence", name="evidence_is_not_empty"),
        migrations.AlterField(
            model_name="evidence",
            name="data",
            field=models.BinaryField(blank=True, null=True, verbose_name="记载"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="文件",
            ),
        ),
    ]
