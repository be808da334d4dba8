"""Keys to units point to the model in its new room; the table is the same, so the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_pictures"), ("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("allowlistentry", "unit", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="allow_list", to="units.unit", verbose_name="单位")),
            ],
        ),
    ]
