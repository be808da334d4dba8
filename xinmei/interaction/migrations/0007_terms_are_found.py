"""Indexes of the stored terms, apart from the rows: PostgreSQL makes none while changed rows wait for their checks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interaction", "0006_terms")]

    operations = [
        migrations.AlterField("message", "term_basis", models.CharField(db_default="", db_index=True, default="", editable=False, max_length=16)),
        migrations.AddIndex("message", models.Index(condition=models.Q(("applies", True)), fields=["reply_due_at"], name="message_due")),
    ]
