"""设置 · 解释口径: every reading with its choices, what is in force since when, and who changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render

from xinmei.core.rulebook import Reading, readings
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting
from xinmei.people.guard import Request, signed_in
from xinmei.registry.models import ReadingChange
from xinmei.registry.readings.queries import changes_on

STAGES = {"due": "期限", "inspect": "检查", "score": "计分", "assess": "年度考核", "act": "办理"}


@dataclass(frozen=True)
class Row:
    """A reading as the page shows it: what is in force, by which change (None: the default), what waits or follows."""

    reading: Reading
    choice: str
    change: ReadingChange | None
    waiting: ReadingChange | None
    later: list[ReadingChange]
    may_decide: bool

    @property
    def choices(self) -> list[tuple[str, bool, bool]]:
        """Each way to read it: its words, whether it is in force, whether it is the default."""
        return [(label, key == self.choice, key == self.reading.default) for key, label in self.reading.choices.items()]

    @property
    def acts_on(self) -> str:
        """What it acts on, in Chinese."""
        return "、".join(STAGES[stage] for stage in self.reading.acts_on)


def say_change(change: ReadingChange) -> tuple[ReadingChange, str]:
    """A change with the words of its choice."""
    known = readings().get(change.name)
    return change, (known.choices.get(change.choice, change.choice) if known else change.choice)


def _rows(acting: Acting, today: date) -> list[Row]:
    """The readings that have a choice, contested ones first. Two queries."""
    now = changes_on(today)
    open_ = list(ReadingChange.objects.exclude(state=ReadingChange.State.REJECTED).order_by("starts_on", "id"))
    waiting = {one.name: one for one in open_ if one.state == ReadingChange.State.WAITING}
    rows = []
    for name, reading in readings().items():
        if len(reading.choices) > 1:
            later = [
                one
                for one in open_
                if one.name == name and one.state == ReadingChange.State.APPROVED and one.starts_on > today
            ]
            may_decide = name in waiting and may(acting, "change_reading") and waiting[name].proposed_by != acting.login
            rows.append(
                Row(
                    reading,
                    now[name].choice if name in now else reading.default,
                    now.get(name),
                    waiting.get(name),
                    later,
                    may_decide,
                )
            )
    return sorted(rows, key=lambda row: (row.waiting is None, not row.reading.contested))


@signed_in
def listed(request: Request) -> HttpResponse:
    """Every reading; the settled ones at the end."""
    settled = [one for one in readings().values() if len(one.choices) == 1]
    context = {
        "rows": _rows(request.acting, day_of(request.now)),
        "settled": [(one, next(iter(one.choices.values()))) for one in settled],
        "may_propose": may(request.acting, "propose_reading"),
    }
    return render(request, "registry/readings/list.html", context)


def _row_of(request: Request, name: str) -> Row:
    """Raises Http404 for a name that is no reading with a choice."""
    row = next((row for row in _rows(request.acting, day_of(request.now)) if row.reading.name == name), None)
    if row is None:
        raise Http404
    return row


@signed_in
def reading(request: Request, name: str) -> HttpResponse:
    """One reading: the sentence, the ways to read it, who changed it when and why."""
    row = _row_of(request, name)
    context = {
        "row": row,
        "history": [say_change(one) for one in ReadingChange.objects.filter(name=row.reading.name)],
        "may_propose": may(request.acting, "propose_reading"),
        "waiting": row.waiting and say_change(row.waiting),
    }
    return render(request, "registry/readings/reading.html", context)
