"""Work orders and reminders come here from `supervision`. The tables were renamed before and are not touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("supervision", "0008_screening_and_urging_leave"), ("interaction", "0005_positions"), ("units", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(db_index=True, verbose_name='日期')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('merged', models.PositiveIntegerField(verbose_name='合并件数')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='units.unit', verbose_name='单位')),
                    ],
                    options={
                        'verbose_name': '提醒',
                        'verbose_name_plural': '提醒',
                        'ordering': ['-day', 'unit'],
                    },
                ),
                migrations.CreateModel(
                    name='Reminded',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=300, unique=True)),
                        ('what', models.CharField(max_length=300, verbose_name='事项')),
                        ('reminder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='carried', to='urging.reminder', verbose_name='提醒')),
                    ],
                    options={
                        'verbose_name': '提醒事项',
                        'verbose_name_plural': '提醒事项',
                        'ordering': ['id'],
                    },
                ),
                migrations.CreateModel(
                    name='WorkOrder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(max_length=300, verbose_name='事项')),
                        ('status', models.CharField(choices=[('OPEN', '待办'), ('ANSWERED', '已答复'), ('CLOSED', '已办结')], default='OPEN', max_length=10, verbose_name='状态')),
                        ('issued_by', models.CharField(blank=True, max_length=150, verbose_name='发出人')),
                        ('issued_at', models.DateTimeField(verbose_name='发出时间')),
                        ('due_at', models.DateTimeField(verbose_name='办理期限')),
                        ('leader_told_at', models.DateTimeField(blank=True, null=True, verbose_name='提醒分管领导')),
                        ('supervisor_told_at', models.DateTimeField(blank=True, null=True, verbose_name='报主管')),
                        ('answer', models.TextField(blank=True, verbose_name='答复')),
                        ('answered_by', models.CharField(blank=True, max_length=150, verbose_name='答复人')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                        ('note', models.TextField(blank=True, verbose_name='处理说明')),
                        ('closed_by', models.CharField(blank=True, max_length=150, verbose_name='办结人')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                        ('finding', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work_order', to='supervision.finding', verbose_name='问题')),
                        ('message', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work_order', to='interaction.message', verbose_name='留言')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_orders', to='units.unit', verbose_name='责任单位')),
                    ],
                    options={
                        'verbose_name': '督办',
                        'verbose_name_plural': '督办',
                        'ordering': ['-issued_at', '-id'],
                    },
                ),
                migrations.AddConstraint(
                    model_name='reminder',
                    constraint=models.UniqueConstraint(fields=('unit', 'day'), name='one_reminder_a_day'),
                ),
                migrations.AddIndex(
                    model_name='workorder',
                    index=models.Index(fields=['status', 'due_at'], name='order_status_due'),
                ),
                migrations.AddConstraint(
                    model_name='workorder',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding__isnull', False), ('message__isnull', True)), models.Q(('finding__isnull', True), ('message__isnull', False)), _connector='OR'), name='order_has_one_matter'),
                ),
            ],
        ),
    ]
