"""Of the findings that are there, the keys are read from their subjects."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def name(apps, schema_editor):
    finding = apps.get_model("supervision", "Finding")
    owned = finding.objects.filter(account__isnull=False)
    for field, room in (("post", "publishing"), ("message", "interaction")):
        rows = apps.get_model(room, field.capitalize()).objects
        same = rows.filter(code=OuterRef("subject"), account=OuterRef("account"))
        owned.filter(post__isnull=True).update(**{field: Subquery(same.values("pk")[:1])})
    late = finding.objects.filter(criterion="late_rectification").values_list("pk", "subject")
    numbers = {pk: int(text) for pk, text in late.iterator() if text.isascii() and text.isdigit() and len(text) < 19}
    known = set(finding.objects.values_list("pk", flat=True))
    for pk, parent in numbers.items():
        if parent in known:
            finding.objects.filter(pk=pk).update(parent=parent)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0011_subjects_named")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
