"""Runs, marks, hits, 回头看 and 自测 come here from `supervision`, links and pictures from `publishing`. The tables were renamed before and are not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_packs_gone"), ("supervision", "0008_screening_and_urging_leave"), ("publishing", "0009_links_and_pictures_leave"), ("interaction", "0005_positions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Drill',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('week', models.CharField(max_length=8, unique=True, verbose_name='周')),
                        ('ran_at', models.DateTimeField(verbose_name='自测时间')),
                        ('version', models.CharField(max_length=64, verbose_name='词库版本')),
                        ('posts', models.PositiveIntegerField(verbose_name='信息条数')),
                        ('lines', models.JSONField(default=list, verbose_name='埋设与查出')),
                        ('alarms', models.JSONField(default=dict, verbose_name='误报')),
                        ('misses', models.JSONField(default=list, verbose_name='漏掉的')),
                    ],
                    options={
                        'verbose_name': '自测',
                        'verbose_name_plural': '自测',
                        'ordering': ['-week'],
                    },
                ),
                migrations.CreateModel(
                    name='LinkSeen',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('address', models.CharField(max_length=2000, unique=True, verbose_name='链接')),
                        ('outcome', models.CharField(choices=[('waiting', '还没有看'), ('alive', '打得开'), ('dead', '失效'), ('unseen', '看不清')], db_index=True, default='waiting', max_length=10, verbose_name='结果')),
                        ('checked_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='查看时间')),
                        ('leads_to', models.CharField(db_index=True, max_length=20, verbose_name='去向')),
                        ('hops', models.JSONField(default=list, verbose_name='转址')),
                        ('reason', models.TextField(blank=True, verbose_name='原因')),
                        ('posts', models.ManyToManyField(related_name='links_seen', to='publishing.post', verbose_name='信息')),
                    ],
                    options={
                        'verbose_name': '链接',
                        'verbose_name_plural': '链接',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='PictureRead',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('read_at', models.DateTimeField(verbose_name='识别时间')),
                        ('outcome', models.CharField(choices=[('read', '已读'), ('unseen', '看不清')], db_index=True, max_length=10, verbose_name='结果')),
                        ('reason', models.TextField(blank=True, verbose_name='原因')),
                        ('text', models.TextField(blank=True, verbose_name='文字')),
                        ('codes', models.JSONField(default=list, verbose_name='二维码')),
                        ('hits', models.JSONField(default=list, verbose_name='命中')),
                        ('is_hit', models.BooleanField(db_index=True, default=False, verbose_name='有命中')),
                        ('image', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reading', to='publishing.image', verbose_name='图片')),
                        ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures_read', to='publishing.post', verbose_name='信息')),
                    ],
                    options={
                        'verbose_name': '图片文字',
                        'verbose_name_plural': '图片文字',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Recall',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.CharField(max_length=200, verbose_name='规则')),
                        ('category', models.CharField(max_length=30, verbose_name='类别')),
                        ('shelf', models.CharField(max_length=10, verbose_name='把握')),
                        ('start', models.PositiveIntegerField(verbose_name='起')),
                        ('end', models.PositiveIntegerField(verbose_name='止')),
                        ('text', models.TextField(verbose_name='原文')),
                        ('decision', models.CharField(choices=[('waiting', '待看'), ('fault', '有问题，已录入'), ('no_fault', '不是问题')], db_index=True, default='waiting', max_length=10, verbose_name='处理')),
                        ('decided_by', models.CharField(blank=True, max_length=150, verbose_name='处理人')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recalls', to='publishing.post', verbose_name='信息')),
                    ],
                    options={
                        'verbose_name': '重看清单',
                        'verbose_name_plural': '重看清单',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Rescreening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.CharField(db_index=True, max_length=64, verbose_name='词库版本')),
                        ('frame', models.CharField(max_length=64)),
                        ('rules', models.JSONField(verbose_name='规则')),
                        ('before', models.CharField(blank=True, max_length=64, verbose_name='上一版本')),
                        ('changed', models.JSONField(default=list, verbose_name='有变动的规则')),
                        ('started_at', models.DateTimeField(verbose_name='开始时间')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                        ('superseded', models.BooleanField(default=False, verbose_name='已被替换')),
                        ('total', models.PositiveIntegerField(default=0, verbose_name='文本数')),
                        ('looked', models.PositiveIntegerField(default=0, verbose_name='已看')),
                        ('read', models.PositiveIntegerField(default=0, verbose_name='重读')),
                    ],
                    options={
                        'verbose_name': '回头看',
                        'verbose_name_plural': '回头看',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='ScreeningHit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.CharField(max_length=64, verbose_name='词库版本')),
                        ('start', models.PositiveIntegerField(verbose_name='起')),
                        ('end', models.PositiveIntegerField(verbose_name='止')),
                        ('text', models.TextField(verbose_name='原文')),
                        ('rule', models.CharField(max_length=200, verbose_name='规则')),
                        ('category', models.CharField(max_length=30, verbose_name='类别')),
                        ('severity', models.CharField(max_length=20, verbose_name='程度')),
                        ('shelf', models.CharField(max_length=10, verbose_name='把握')),
                        ('suggest', models.TextField(blank=True, verbose_name='建议')),
                        ('clause', models.TextField(blank=True, verbose_name='依据')),
                    ],
                    options={
                        'verbose_name': '筛查命中',
                        'verbose_name_plural': '筛查命中',
                    },
                ),
                migrations.CreateModel(
                    name='ScreeningMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.CharField(max_length=64, verbose_name='词库版本')),
                        ('table', models.CharField(max_length=20, verbose_name='对象')),
                        ('revision', models.BigIntegerField(verbose_name='已读到')),
                        ('row', models.BigIntegerField(default=0, verbose_name='该批中已读到')),
                    ],
                    options={
                        'verbose_name': '筛查进度',
                        'verbose_name_plural': '筛查进度',
                    },
                ),
                migrations.AddConstraint(
                    model_name='rescreening',
                    constraint=models.UniqueConstraint(condition=models.Q(('superseded', False)), fields=('version',), name='one_rescreening_of_a_version'),
                ),
                migrations.AddField(
                    model_name='recall',
                    name='rescreening',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recalls', to='screening.rescreening', verbose_name='回头看'),
                ),
                migrations.AddField(
                    model_name='screeninghit',
                    name='message',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='interaction.message', verbose_name='留言'),
                ),
                migrations.AddField(
                    model_name='screeninghit',
                    name='post',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='publishing.post', verbose_name='信息'),
                ),
                migrations.AddConstraint(
                    model_name='screeningmark',
                    constraint=models.UniqueConstraint(fields=('version', 'table'), name='one_mark_a_version'),
                ),
                migrations.AddConstraint(
                    model_name='recall',
                    constraint=models.UniqueConstraint(fields=('post', 'rule', 'start', 'end'), name='one_recall_of_a_place'),
                ),
                migrations.AddIndex(
                    model_name='screeninghit',
                    index=models.Index(fields=['version', 'shelf'], name='hit_version_shelf'),
                ),
                migrations.AddConstraint(
                    model_name='screeninghit',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('message__isnull', True), ('post__isnull', False)), models.Q(('message__isnull', False), ('post__isnull', True)), _connector='OR'), name='hit_in_one_text'),
                ),
            ],
        ),
    ]
