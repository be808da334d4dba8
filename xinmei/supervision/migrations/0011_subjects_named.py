"""A finding names the post, the message or the finding that it is about by a key, beside the subject."""

import django.db.models.deletion
from django.db import migrations, models


def key(to, related_name, label):
    return models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name=related_name, to=to, verbose_name=label)


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0010_reasoning"),
        ("publishing", "0010_links_and_pictures_gone"),
        ("interaction", "0007_terms_are_found"),
    ]

    operations = [
        migrations.AddField("finding", "post", key("publishing.post", "+", "信息")),
        migrations.AddField("finding", "message", key("interaction.message", "+", "留言")),
        migrations.AddField("finding", "parent", key("supervision.finding", "late", "原问题")),
    ]
