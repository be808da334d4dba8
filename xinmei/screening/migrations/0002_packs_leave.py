"""What the office decided about rule packs moves to the room `packs`: its tables take their new names here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_own_entries")]

    operations = [
        migrations.AlterModelTable("Demotion", "packs_demotion"),
        migrations.AlterModelTable("OwnEntry", "packs_ownentry"),
        migrations.AlterModelTable("Trial", "packs_trial"),
    ]
