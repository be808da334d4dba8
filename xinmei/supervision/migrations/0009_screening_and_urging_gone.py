"""The models live in `screening` and `urging` now; the database is not touched."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0008_screening_and_urging_leave"), ("screening", "0004_what_was_screened"), ("urging", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Reminded"),
                migrations.DeleteModel("Reminder"),
                migrations.DeleteModel("WorkOrder"),
                migrations.DeleteModel("Recall"),
                migrations.DeleteModel("Rescreening"),
                migrations.DeleteModel("ScreeningHit"),
                migrations.DeleteModel("ScreeningMark"),
                migrations.DeleteModel("Drill"),
            ],
        ),
    ]
