"""岗位 is a position; a post is what an account publishes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0006_units_elsewhere")]

    operations = [
        migrations.RenameField("step", "post", "position"),
    ]
