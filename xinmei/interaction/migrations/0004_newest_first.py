from django.db import migrations


def create(apps, schema_editor):
    """For lists, newest first. SQLite without statistics would take it for whole accounts, and an inspection took minutes."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX message_newest ON interaction_message (received_at DESC, id DESC)")


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS message_newest")


class Migration(migrations.Migration):
    dependencies = [("interaction", "0003_steps_and_patrols")]

    operations = [migrations.RunPython(create, drop)]
