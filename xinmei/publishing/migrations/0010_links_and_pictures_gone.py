"""The models live in `screening` now; the database is not touched."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_links_and_pictures_leave"), ("screening", "0004_what_was_screened")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("PictureRead"),
                migrations.DeleteModel("LinkSeen"),
            ],
        ),
    ]
