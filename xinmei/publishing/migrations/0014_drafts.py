"""Drafts with three signatures; the database refuses to change a version or what was released."""

import django.db.models.deletion
from django.db import migrations, models

from xinmei.publishing.drafts import unchanging


def put_guard_up(apps, schema_editor):
    unchanging.install(schema_editor.connection)


def take_guard_down(apps, schema_editor):
    unchanging.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_files'),
        ('publishing', '0013_bytes_gone'),
        ('registry', '0005_unit_gone'),
        ('units', '0002_reviews_from'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('DRAFT', '起草'), ('CHECKING', '待审核'), ('SIGNING', '待审签'), ('RELEASED', '待发布'), ('PUBLISHED', '已发布'), ('RETURNED', '已退回'), ('WITHDRAWN', '已撤回')], default='DRAFT', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='稿次')),
                ('source_reason', models.TextField(blank=True, verbose_name='转载名单以外来源的理由')),
                ('form', models.CharField(blank=True, choices=[('text', '文字'), ('graphic', '图解'), ('video', '视频'), ('data', '数说')], max_length=20, verbose_name='形式')),
                ('policy', models.TextField(blank=True, verbose_name='解读的文件')),
                ('drafter', models.CharField(blank=True, max_length=150, verbose_name='拟稿人')),
                ('reviewer', models.CharField(blank=True, max_length=150, verbose_name='审核人')),
                ('signatory', models.CharField(blank=True, max_length=150, verbose_name='审签人')),
                ('waiting_since', models.DateTimeField(verbose_name='自何时起')),
                ('acted_at', models.DateTimeField(verbose_name='最后办理时间')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='publishing.draft', verbose_name='更正的稿件')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='units.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '稿件',
                'verbose_name_plural': '稿件',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='DraftStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=40, verbose_name='动作')),
                ('by', models.CharField(max_length=150, verbose_name='办理人')),
                ('position', models.CharField(blank=True, max_length=20, verbose_name='岗位')),
                ('unit_code', models.CharField(blank=True, max_length=200, verbose_name='单位代码')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('version', models.PositiveIntegerField(verbose_name='稿次')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('passages', models.JSONField(blank=True, default=list, verbose_name='标出的段落')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='publishing.draft', verbose_name='稿件')),
            ],
            options={
                'verbose_name': '稿件经过',
                'verbose_name_plural': '稿件经过',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DraftVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='稿次')),
                ('title', models.TextField(verbose_name='标题')),
                ('text', models.TextField(blank=True, verbose_name='正文')),
                ('origin', models.CharField(choices=[('original', '原创'), ('repost', '转载')], max_length=10, verbose_name='原创或转载')),
                ('source', models.TextField(blank=True, verbose_name='信息来源')),
                ('accounts', models.JSONField(default=list, verbose_name='账号')),
                ('difference', models.JSONField(default=dict, verbose_name='与上一稿的不同')),
                ('by', models.CharField(max_length=150, verbose_name='写的人')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='publishing.draft', verbose_name='稿件')),
            ],
            options={
                'verbose_name': '稿次',
                'verbose_name_plural': '稿次',
                'ordering': ['draft', 'number'],
            },
        ),
        migrations.CreateModel(
            name='DraftImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='次序')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='文件')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='publishing.draftversion', verbose_name='稿次')),
            ],
            options={
                'verbose_name': '稿件图片',
                'verbose_name_plural': '稿件图片',
                'ordering': ['version', 'place'],
            },
        ),
        migrations.CreateModel(
            name='DraftHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('title', '标题'), ('text', '正文')], max_length=5, verbose_name='位置')),
                ('start', models.PositiveIntegerField(verbose_name='起')),
                ('end', models.PositiveIntegerField(verbose_name='止')),
                ('text', models.TextField(verbose_name='文字')),
                ('rule', models.CharField(max_length=200, verbose_name='规则')),
                ('category', models.CharField(choices=[('typo', '错别字'), ('grave_misstatement', '严重表述错误'), ('advert', '商业广告'), ('improper_content', '内容不当'), ('harmful_content', '有害信息'), ('state_secret', '涉密标志'), ('privacy_leak', '个人信息泄露'), ('style', '标点数字用法')], max_length=30, verbose_name='类别')),
                ('severity', models.CharField(choices=[('high', '严重'), ('medium', '一般'), ('low', '提示')], max_length=10, verbose_name='程度')),
                ('shelf', models.CharField(choices=[('confident', '把握较大'), ('possible', '供参考')], max_length=10, verbose_name='把握')),
                ('suggest', models.TextField(blank=True, verbose_name='建议')),
                ('clause', models.TextField(blank=True, verbose_name='依据')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='publishing.draftversion', verbose_name='稿次')),
            ],
            options={
                'verbose_name': '稿件命中',
                'verbose_name_plural': '稿件命中',
                'ordering': ['version', '-part', 'start', 'end', 'rule'],
            },
        ),
        migrations.AddField(
            model_name='draft',
            name='current',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.draftversion', verbose_name='现在的稿子'),
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                ('post', models.CharField(blank=True, max_length=200, verbose_name='信息编号')),
                ('url', models.TextField(blank=True, verbose_name='链接')),
                ('skipped', models.TextField(blank=True, verbose_name='不发的理由')),
                ('by', models.CharField(max_length=150, verbose_name='登记人')),
                ('taken_down_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('taken_down_why', models.TextField(blank=True, verbose_name='撤下理由')),
                ('taken_down_by', models.CharField(blank=True, max_length=150, verbose_name='撤下登记人')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='registry.account', verbose_name='账号')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='publishing.draft', verbose_name='稿件')),
            ],
            options={
                'verbose_name': '发布登记',
                'verbose_name_plural': '发布登记',
                'ordering': ['draft', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='签发时间')),
                ('byline', models.TextField(verbose_name='署名')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('sm3', models.CharField(max_length=64, verbose_name='SM3')),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='publishing.draft', verbose_name='稿件')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='publishing.draftversion', verbose_name='稿次')),
            ],
            options={
                'verbose_name': '签发',
                'verbose_name_plural': '签发',
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=200, verbose_name='规则')),
                ('text', models.TextField(verbose_name='文字')),
                ('why', models.TextField(verbose_name='理由')),
                ('by', models.CharField(max_length=150, verbose_name='说明人')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settlements', to='publishing.draft', verbose_name='稿件')),
            ],
            options={
                'verbose_name': '命中说明',
                'verbose_name_plural': '命中说明',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DraftAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='次序')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='registry.account', verbose_name='账号')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='for_accounts', to='publishing.draft', verbose_name='稿件')),
            ],
            options={
                'verbose_name': '稿件的账号',
                'verbose_name_plural': '稿件的账号',
                'ordering': ['draft', 'place'],
                'constraints': [models.UniqueConstraint(fields=('draft', 'account'), name='draft_names_an_account_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='draftversion',
            constraint=models.UniqueConstraint(fields=('draft', 'number'), name='one_version_a_number'),
        ),
        migrations.AddConstraint(
            model_name='draftimage',
            constraint=models.UniqueConstraint(fields=('version', 'place'), name='one_image_a_place'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(fields=['unit', 'state', 'waiting_since'], name='draft_waiting'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('reviewer', ''), models.Q(('reviewer', models.F('drafter')), _negated=True), _connector='OR'), name='draft_reviewed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('signatory', ''), models.Q(models.Q(('signatory', models.F('drafter')), _negated=True), models.Q(('signatory', models.F('reviewer')), _negated=True)), _connector='OR'), name='draft_signed_by_a_third'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['account', 'post'], name='publication_post'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('draft', 'account'), name='one_publication_an_account'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', False), ('skipped', '')), models.Q(('at__isnull', True), models.Q(('skipped', ''), _negated=True)), _connector='OR'), name='published_or_skipped'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(fields=('draft', 'rule', 'text', 'by'), name='one_settlement_a_person'),
        ),
        migrations.RunPython(put_guard_up, take_guard_down),
    ]
