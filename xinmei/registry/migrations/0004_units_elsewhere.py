"""Keys to units point to the model in its new room; the table is the same, so the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_unit_leaves"), ("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("account", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="units.unit", verbose_name="主办单位")),
            ],
        ),
    ]
