"""Nothing refers to the model of units in this room any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_units_elsewhere"), ("assessment", "0003_units_elsewhere"), ("notices", "0002_units_elsewhere"), ("people", "0005_units_elsewhere"), ("publishing", "0008_units_elsewhere"), ("supervision", "0006_units_elsewhere")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Unit"),
            ],
        ),
    ]
