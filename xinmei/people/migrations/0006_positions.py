"""岗位 is a position; a post is what an account publishes.

The log of events keeps its column: it enters the digests under that name.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_units_elsewhere")]

    operations = [
        migrations.RemoveConstraint("postheld", "one_row_a_post_held"),
        migrations.RemoveConstraint("postheld", "post_ends_after_it_starts"),
        migrations.RenameModel("PostHeld", "PositionHeld"),
        migrations.RenameModel("PostProposal", "PositionProposal"),
        migrations.RenameField("positionheld", "post", "position"),
        migrations.RenameField("positionproposal", "post", "position"),
        migrations.RenameField("positionproposal", "post_held", "position_held"),
        migrations.RenameField("delegation", "post_held", "position_held"),
        migrations.RenameField("handover", "post_held", "position_held"),
        migrations.AlterModelOptions("positionheld", {"verbose_name": "任职", "verbose_name_plural": "任职", "ordering": ["person", "unit", "position", "starts_on"]}),
        migrations.AlterModelOptions("delegation", {"verbose_name": "代行", "verbose_name_plural": "代行", "ordering": ["position_held", "starts_on", "id"]}),
        migrations.AlterField("positionheld", "person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="positions", to=settings.AUTH_USER_MODEL, verbose_name="人员")),
        migrations.AlterField("positionheld", "unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="positions_held", to="units.unit", verbose_name="单位")),
        migrations.AddConstraint("positionheld", models.UniqueConstraint(fields=("person", "unit", "position", "starts_on"), name="one_row_a_position_held")),
        migrations.AddConstraint("positionheld", models.CheckConstraint(condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"), name="position_ends_after_it_starts")),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("event", "post", "position"),
                migrations.AlterField("event", "position", models.CharField(blank=True, db_column="post", max_length=20, verbose_name="岗位")),
            ],
        ),
    ]
