"""Until when the step should be done at which a filing stands; the job that reminds fills it in for those under way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_closing")]

    operations = [
        migrations.AddField("filing", "step_due_at", models.DateTimeField(null=True, verbose_name="这一步的期限")),
    ]
