"""How a fault came about is its reasoning; a step is what somebody did with the finding."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0009_screening_and_urging_gone")]

    operations = [
        migrations.RenameField("finding", "steps", "reasoning"),
    ]
