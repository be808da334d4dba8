"""The table of units takes the name that it has in the room `units`; the model follows in units 0001."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_reading_changes")]

    operations = [
        migrations.AlterModelTable("Unit", "units_unit"),
    ]
