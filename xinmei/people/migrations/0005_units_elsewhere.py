"""Keys to units point to the model in its new room; the table is the same, so the database is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_saved_views"), ("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("postheld", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="posts_held", to="units.unit", verbose_name="单位")),
                migrations.AlterField("postproposal", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit", verbose_name="单位")),
            ],
        ),
    ]
