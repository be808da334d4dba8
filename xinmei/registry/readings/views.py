"""设置 · 解释口径: every reading with its choices, what is in force since when; a change proposed by one, approved by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xinmei.core.rulebook import Reading, readings
from xinmei.people.doors import day_of, may, one_of
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door, signed_in
from xinmei.registry.models import ReadingChange
from xinmei.registry.readings import actions
from xinmei.registry.readings.queries import changes_on

STAGES = {"due": "期限", "inspect": "检查", "score": "计分", "assess": "年度考核"}
REQUIRED = {"required": "这一项没有填。"}


@dataclass(frozen=True)
class Row:
    """A reading as the page shows it: what is in force, by which change (None: the default), what waits, and what comes later."""

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


class ProposeForm(forms.Form):
    """Which reading from when, and why."""

    choice = forms.ChoiceField(label="改按", widget=forms.RadioSelect, error_messages=REQUIRED)
    starts_on = forms.DateField(
        label="自",
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        error_messages=REQUIRED | {"invalid": "日期应写成 2026-01-05。"},
        help_text="从这一天的检查起用；年度考核按当年最后一天有效的口径。",
    )
    reason = forms.CharField(
        label="理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages=REQUIRED,
        help_text="写明依据，如会议纪要、上级答复的文号。",
    )

    def __init__(self, row: Row, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(key, label) for key, label in row.reading.choices.items() if key != row.choice]
        self.fields["choice"].choices = others  # type: ignore[attr-defined]


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


def _page(
    request: Request, row: Row, form: ProposeForm | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    history = [say_change(one) for one in ReadingChange.objects.filter(name=row.reading.name)]
    if form is None and may(request.acting, "propose_reading") and row.waiting is None:
        form = ProposeForm(row, initial={"starts_on": day_of(request.now)})
    context = {
        "row": row,
        "history": history,
        "form": form,
        "refused": refused,
        "waiting": row.waiting and say_change(row.waiting),
    }
    return render(request, "registry/readings/reading.html", context, status=status)


@signed_in
def reading(request: Request, name: str) -> HttpResponse:
    """One reading: the sentence, the ways to read it, who changed it when and why."""
    return _page(request, _row_of(request, name))


@door(do="propose_reading", methods=("POST",))
def propose(request: Request, name: str) -> HttpResponse:
    """Proposes another reading."""
    row = _row_of(request, name)
    form = ProposeForm(row, request.POST)
    if form.is_valid():
        try:
            actions.propose_reading(name, **form.cleaned_data, by=request.acting, at=request.now)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已提出，等另一位市检查负责人批准。")
            return redirect("reading", name=name)
    return _page(request, row, form, status=422)


@door(do="change_reading", methods=("POST",))
def decide(request: Request, pk: str) -> HttpResponse:
    """Approves a change, or sends it back."""
    change = one_of(ReadingChange.objects.all(), pk)
    approve = request.POST.get("approve") == "yes"
    try:
        actions.decide_reading(
            change, approve=approve, why=request.POST.get("why", "")[:2000], by=request.acting, at=request.now
        )
    except actions.NotPossible as refused:
        return _page(request, _row_of(request, change.name), refused=str(refused), status=422)
    messages.success(request, "已批准，按所写日期生效。" if approve else "已退回。")
    return redirect("reading", name=change.name)
