import django.db.models.deletion
from django.db import migrations, models

from xinmei.publishing.drafts import unchanging


def put_guard_up(apps, schema_editor):
    unchanging.install(schema_editor.connection)


def take_guard_down(apps, schema_editor):
    # SQLite makes a table anew to give it a column, and the triggers would be gone
    unchanging.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0017_functions'),
    ]

    operations = [
        migrations.RunPython(take_guard_down, put_guard_up),
        migrations.AddField(
            model_name='draftversion',
            name='layout',
            field=models.JSONField(default=list, verbose_name='排版'),
        ),
        migrations.AddField(
            model_name='release',
            name='layout_sha256',
            field=models.CharField(blank=True, max_length=64, verbose_name='排版的 SHA-256'),
        ),
        migrations.CreateModel(
            name='Unsaved',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=150, verbose_name='写的人')),
                ('version', models.PositiveIntegerField(verbose_name='从第几稿写起')),
                ('title', models.TextField(blank=True, verbose_name='标题')),
                ('text', models.TextField(blank=True, verbose_name='正文')),
                ('layout', models.JSONField(default=list, verbose_name='排版')),
                ('number', models.PositiveBigIntegerField(default=0, verbose_name='第几次')),
                ('written_at', models.DateTimeField(verbose_name='写的时间')),
                ('seen_at', models.DateTimeField(verbose_name='还开着的时间')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unsaved', to='publishing.draft', verbose_name='稿件')),
            ],
            options={
                'verbose_name': '没有保存的稿子',
                'verbose_name_plural': '没有保存的稿子',
                'ordering': ['draft', 'by'],
                'constraints': [models.UniqueConstraint(fields=('draft', 'by'), name='one_unsaved_a_person')],
            },
        ),
        migrations.RunPython(put_guard_up, take_guard_down),
    ]
