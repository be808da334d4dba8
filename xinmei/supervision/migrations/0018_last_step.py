"""A finding keeps the moment of its last step, so that an act need not ask all its steps for it."""

from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery


def fill(apps, schema_editor):
    last = apps.get_model("supervision", "Step").objects.filter(finding=OuterRef("pk")).order_by().values("finding")
    latest = last.annotate(last=Max("at")).values("last")
    apps.get_model("supervision", "Finding").objects.update(last_step_at=Subquery(latest))


class Migration(migrations.Migration):
    dependencies = [("supervision", "0017_record_or_file")]

    operations = [
        migrations.AddField(
            "finding", "last_step_at", models.DateTimeField(blank=True, null=True, verbose_name="最近办理时间")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
