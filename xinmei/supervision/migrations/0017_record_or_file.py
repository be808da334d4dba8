"""A piece of evidence is a record or a file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0016_bytes_move")]

    operations = [
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("data__length__gt", 0), ("file__isnull", True)),
                    models.Q(("data__isnull", True), ("file__isnull", False)),
                    _connector="OR",
                ),
                name="evidence_is_a_record_or_a_file",
            ),
        ),
    ]
