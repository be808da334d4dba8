"""The models of own entries and demotions come here from `screening`. The tables were renamed before and are not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("screening", "0002_packs_leave")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Demotion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.CharField(db_index=True, max_length=200, verbose_name='规则')),
                        ('why', models.TextField(verbose_name='理由')),
                        ('state', models.CharField(choices=[('waiting', '待批准'), ('approved', '已降档'), ('rejected', '未批准'), ('restored', '已恢复')], default='waiting', max_length=10, verbose_name='状态')),
                        ('proposed_by', models.CharField(max_length=150, verbose_name='提出人')),
                        ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                        ('decided_by', models.CharField(blank=True, max_length=150, verbose_name='决定人')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='决定时间')),
                        ('restored_by', models.CharField(blank=True, max_length=150, verbose_name='恢复人')),
                        ('restored_at', models.DateTimeField(blank=True, null=True, verbose_name='恢复时间')),
                    ],
                    options={
                        'verbose_name': '规则降档',
                        'verbose_name_plural': '规则降档',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'approved'])), fields=('rule',), name='one_demotion_of_a_rule'), models.CheckConstraint(condition=models.Q(('decided_by', models.F('proposed_by')), _negated=True), name='demotion_decided_by_a_second_person')],
                    },
                ),
                migrations.CreateModel(
                    name='OwnEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('terms', models.JSONField(verbose_name='要查找的文字')),
                        ('suggest', models.CharField(blank=True, max_length=100, verbose_name='建议写法')),
                        ('category', models.CharField(choices=[('typo', '错别字'), ('grave_misstatement', '严重表述错误'), ('advert', '商业广告'), ('improper_content', '内容不当'), ('harmful_content', '有害信息'), ('state_secret', '涉密标志'), ('privacy_leak', '个人信息泄露'), ('style', '标点数字用法')], max_length=30, verbose_name='类别')),
                        ('severity', models.CharField(choices=[('high', '严重'), ('medium', '一般'), ('low', '提示')], default='medium', max_length=10, verbose_name='程度')),
                        ('shelf', models.CharField(choices=[('confident', '把握较大'), ('possible', '供参考')], default='confident', max_length=10, verbose_name='把握')),
                        ('longer', models.JSONField(default=list, verbose_name='例外的词')),
                        ('unless', models.JSONField(default=list, verbose_name='附近有这些字就不算')),
                        ('former_title', models.BooleanField(default=False, verbose_name='任职变动后的旧称谓')),
                        ('reason', models.TextField(verbose_name='依据')),
                        ('starts_on', models.DateField(blank=True, null=True, verbose_name='自')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='至')),
                        ('hit', models.TextField(verbose_name='应当命中的例句')),
                        ('miss', models.TextField(verbose_name='不应命中的例句')),
                        ('state', models.CharField(choices=[('draft', '草稿'), ('tried', '已试跑'), ('released', '已发布'), ('ended', '已停用')], db_index=True, default='draft', max_length=10, verbose_name='状态')),
                        ('drafted_by', models.CharField(max_length=150, verbose_name='拟定人')),
                        ('drafted_at', models.DateTimeField(verbose_name='拟定时间')),
                        ('released_by', models.CharField(blank=True, max_length=150, verbose_name='发布人')),
                        ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                        ('ended_by', models.CharField(blank=True, max_length=150, verbose_name='停用人')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                        ('ended_why', models.TextField(blank=True, verbose_name='停用原因')),
                    ],
                    options={
                        'verbose_name': '自定词条',
                        'verbose_name_plural': '自定词条',
                        'ordering': ['-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('released_by', models.F('drafted_by')), _negated=True), name='entry_released_by_a_second_person'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='entry_ends_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='Trial',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('by', models.CharField(max_length=150, verbose_name='试跑人')),
                        ('since', models.DateTimeField(verbose_name='信息自')),
                        ('posts', models.PositiveIntegerField(verbose_name='信息条数')),
                        ('hits', models.PositiveIntegerField(verbose_name='命中次数')),
                        ('allowed', models.PositiveIntegerField(verbose_name='最多允许')),
                        ('sample', models.JSONField(default=list, verbose_name='命中处')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='packs.ownentry', verbose_name='词条')),
                    ],
                    options={
                        'verbose_name': '试跑',
                        'verbose_name_plural': '试跑',
                        'ordering': ['entry', '-id'],
                    },
                ),
            ],
        ),
    ]
