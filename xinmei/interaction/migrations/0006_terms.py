"""The term of a message is stored with it. Those that are there are reckoned here, by the readings of today."""

import datetime

from django.db import connections, migrations, models


def reckon(apps, schema_editor):
    from xinmei.core.calendar import SHANGHAI
    from xinmei.core.rulebook import readings, resolve_readings
    from xinmei.interaction.terms import basis_of, term_of

    message, change = apps.get_model("interaction", "Message"), apps.get_model("registry", "ReadingChange")
    today = datetime.datetime.now(SHANGHAI).date()
    approved = change.objects.filter(state="approved", starts_on__lte=today).order_by("starts_on", "decided_at", "id")
    known = readings()
    chosen = {one.name: one.choice for one in approved if one.name in known and one.choice in known[one.name].choices}
    used = resolve_readings(chosen)
    basis, connection, last = basis_of(used), connections[schema_editor.connection.alias], 0
    rows = message.objects.order_by("pk")
    columns = ("pk", "kind", "concrete_policy_question", "received_at")
    while found := list(rows.filter(pk__gt=last).values_list(*columns)[:2000]):
        values = []
        for pk, kind, concrete, received_at in found:
            term = term_of(kind, concrete, received_at, used, basis)
            due_at = term.reply_due_at and connection.ops.adapt_datetimefield_value(term.reply_due_at)
            values.append((term.applies, due_at, term.provisional, basis, pk))
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE interaction_message SET applies = %s, reply_due_at = %s, provisional = %s, term_basis = %s "
                "WHERE id = %s",
                values,
            )
        last = found[-1][0]


class Migration(migrations.Migration):
    dependencies = [("interaction", "0005_positions"), ("registry", "0002_reading_changes")]

    operations = [
        migrations.AddField("message", "applies", models.BooleanField(db_default=False, default=False, editable=False, verbose_name="应限时答复")),
        migrations.AddField("message", "reply_due_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="答复期限")),
        migrations.AddField("message", "provisional", models.BooleanField(db_default=False, default=False, editable=False, verbose_name="期限暂定")),
        migrations.AddField("message", "term_basis", models.CharField(db_default="", default="", editable=False, max_length=16)),
        migrations.RunPython(reckon, migrations.RunPython.noop),
    ]
