"""Which files there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="摘要")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节数")),
                ("kept_at", models.DateTimeField(verbose_name="存入时间")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="核对时间")),
                ("fault", models.CharField(blank=True, max_length=20, verbose_name="核对结果")),
            ],
            options={
                "verbose_name": "文件",
                "verbose_name_plural": "文件",
                "indexes": [
                    models.Index(
                        condition=models.Q(("fault", ""), _negated=True), fields=["sha256"], name="file_with_a_fault"
                    )
                ],
            },
        ),
    ]
