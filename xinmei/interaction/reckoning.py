"""Stores the terms of messages: at import, and again when a reading, the calendar or the rule changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from xinmei.interaction.models import Message
from xinmei.interaction.terms import basis_of, basis_on, term_of
from xinmei.people.doors import day_of
from xinmei.registry.readings.queries import readings_on

BATCH = 2000


def outdated(now: datetime) -> QuerySet[Message]:
    """The messages whose term was reckoned on another basis than that of today."""
    basis = basis_on(day_of(now))
    return Message.objects.filter(Q(term_basis__lt=basis) | Q(term_basis__gt=basis))


def reckon_outdated(now: datetime, progress: Callable[[int, int, str], None] | None = None) -> int:
    """Reckons them again, in batches that stand alone: stopped half-way, it goes on where it was. How many."""
    rows, done = outdated(now), 0
    total = rows.count()
    while found := list(rows.order_by().values_list("pk", "kind", "concrete_policy_question", "received_at")[:BATCH]):
        _store(found, day_of(now))
        done += len(found)
        if progress:
            progress(done, max(total, done), "核算答复期限")
    return done


def reckon_revision(revision: int, at: datetime) -> None:
    """The messages that an import has just written. Part of its transaction."""
    rows = Message.objects.filter(revision=revision).order_by("pk")
    columns = ("pk", "kind", "concrete_policy_question", "received_at")
    last = 0
    while found := list(rows.filter(pk__gt=last).values_list(*columns)[:BATCH]):
        _store(found, day_of(at))
        last = found[-1][0]


def _store(rows: list[tuple[int, str, bool | None, datetime]], day: date) -> None:
    readings = readings_on(day)
    basis, adapt = basis_of(readings), connection.ops.adapt_datetimefield_value
    values = []
    for pk, kind, concrete, received_at in rows:
        term = term_of(kind, concrete, received_at, readings, basis)
        due_at = term.reply_due_at and adapt(term.reply_due_at)
        values.append((term.applies, due_at, term.provisional, basis, pk))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE interaction_message SET applies = %s, reply_due_at = %s, provisional = %s, term_basis = %s "
            "WHERE id = %s",
            values,
        )
