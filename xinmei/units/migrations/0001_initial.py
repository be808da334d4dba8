"""The model of units comes here from `registry`; its table was renamed by registry 0003 and is not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("registry", "0003_unit_leaves")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=200, unique=True, verbose_name='单位代码')),
                        ('name', models.CharField(max_length=500, verbose_name='单位名称')),
                        ('kind', models.CharField(choices=[('city', '市'), ('county', '县区'), ('zone', '功能区'), ('department', '部门'), ('town', '街道/乡镇'), ('institution', '事业单位'), ('internal_office', '内设机构')], max_length=20, verbose_name='类型')),
                        ('cohort', models.CharField(blank=True, choices=[('counties', '县区/功能区'), ('departments', '部门')], max_length=20, verbose_name='同类单位')),
                        ('duties', models.JSONField(blank=True, default=list, verbose_name='职责关键词')),
                        ('short_names', models.JSONField(blank=True, default=list, verbose_name='简称')),
                        ('credit_code', models.CharField(blank=True, max_length=100, verbose_name='统一社会信用代码')),
                        ('path', models.CharField(blank=True, db_index=True, max_length=2000)),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='units.unit', verbose_name='上级单位')),
                        ('vertical_system', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supervised', to='units.unit', verbose_name='垂直管理系统')),
                    ],
                    options={
                        'verbose_name': '单位',
                        'verbose_name_plural': '单位',
                        'ordering': ['path', 'code'],
                    },
                ),
            ],
        ),
    ]
