"""Who checks hears of drafts."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0005_filings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='audience',
            field=models.CharField(choices=[('person', '本人'), ('editors', '编辑、单位管理员'), ('section_heads', '审核人'), ('leaders', '分管领导'), ('unit', '全单位'), ('supervisors', '主管'), ('inspectors', '市检查员'), ('heads', '市检查负责人')], max_length=20, verbose_name='收件人'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('sent', '问题反馈'), ('returned', '复查退回'), ('dismissed', '不予认定'), ('objection', '申诉'), ('answer', '申诉答复'), ('reminder', '提醒'), ('order', '督办'), ('escalation', '逾期督办'), ('stand_in', '代行和交接'), ('brief', '每日情况'), ('incident', '账号异常'), ('report', '公众纠错'), ('custody', '账号交接'), ('filing', '备案'), ('draft', '稿件')], max_length=20, verbose_name='类别'),
        ),
    ]
