"""岗位 is a position; a post is what an account publishes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_jobs")]

    operations = [
        migrations.RenameField("job", "post", "position"),
    ]
