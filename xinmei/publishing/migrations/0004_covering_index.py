"""Whether and when an account published is answered from the index alone: rows with their texts are many pages apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_index_of_words")]

    operations = [
        migrations.RemoveIndex(model_name="post", name="post_account_published"),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["account", "published_at", "deleted_at", "origin"], name="post_account_published"),
        ),
    ]
