"""From when on a unit publishes by drafts."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='unit',
            name='reviews_from',
            field=models.DateField(blank=True, null=True, verbose_name='网上审核起始日'),
        ),
    ]
