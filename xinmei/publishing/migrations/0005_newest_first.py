from django.db import migrations


def create(apps, schema_editor):
    """For lists, newest first. SQLite without statistics would take it for whole accounts, and an inspection took minutes."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX post_newest ON publishing_post (published_at DESC, id DESC)")


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS post_newest")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_covering_index")]

    operations = [migrations.RunPython(create, drop)]
