"""岗位 is a position; a post is what an account publishes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("interaction", "0004_newest_first")]

    operations = [
        migrations.RenameField("messagestep", "post", "position"),
    ]
