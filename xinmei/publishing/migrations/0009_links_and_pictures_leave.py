"""Links followed and pictures read move to `screening`: their tables take their new names here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_units_elsewhere")]

    operations = [
        migrations.AlterModelTable("LinkSeen", "screening_linkseen"),
        migrations.AlterModelTable("PictureRead", "screening_pictureread"),
    ]
