from django.db import migrations

from xinmei.people import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0002_signing_in_and_standing_in")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: append_only.install(schema_editor.connection),
            lambda apps, schema_editor: append_only.remove(schema_editor.connection),
        )
    ]
