"""The models live in `packs` now; the database is not touched."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("screening", "0002_packs_leave"), ("packs", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Trial"),
                migrations.DeleteModel("OwnEntry"),
                migrations.DeleteModel("Demotion"),
            ],
        ),
    ]
