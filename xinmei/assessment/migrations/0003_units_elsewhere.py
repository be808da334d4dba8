"""Keys to units point to the model in its new room; the table is the same, so the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_standing"), ("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("commendation", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="commendations", to="units.unit", verbose_name="单位")),
                migrations.AlterField("standing", "unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="units.unit", verbose_name="单位")),
            ],
        ),
    ]
