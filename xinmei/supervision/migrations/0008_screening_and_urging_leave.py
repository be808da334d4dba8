"""What was screened moves to `screening`, what urges to `urging`: their tables take their new names here."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_positions")]

    operations = [
        migrations.AlterModelTable("ScreeningMark", "screening_screeningmark"),
        migrations.AlterModelTable("ScreeningHit", "screening_screeninghit"),
        migrations.AlterModelTable("Rescreening", "screening_rescreening"),
        migrations.AlterModelTable("Recall", "screening_recall"),
        migrations.AlterModelTable("Drill", "screening_drill"),
        migrations.AlterModelTable("WorkOrder", "urging_workorder"),
        migrations.AlterModelTable("Reminder", "urging_reminder"),
        migrations.AlterModelTable("Reminded", "urging_reminded"),
    ]
