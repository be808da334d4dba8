"""Keys to units point to the model in its new room; the table is the same, so the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0005_drills"), ("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("finding", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="units.unit", verbose_name="单位")),
                migrations.AlterField("inspection", "unit", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="units.unit", verbose_name="范围")),
                migrations.AlterField("reminder", "unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="units.unit", verbose_name="单位")),
                migrations.AlterField("workorder", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="work_orders", to="units.unit", verbose_name="责任单位")),
            ],
        ),
    ]
