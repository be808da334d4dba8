"""One message with what can be done to it, and the two daily looks (值守巡查)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.screening import mask
from xinmei.interaction import actions, doors
from xinmei.interaction.forms import AnswerForm, HandOverForm, ModerateForm, PatrolForm
from xinmei.interaction.models import Message, Patrol
from xinmei.interaction.owed import is_owed
from xinmei.interaction.patrols import accounts_to_patrol, half_of, own_accounts
from xinmei.listings import Column, Filter, Listing
from xinmei.people.doors import Refused, day_of
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.people.models import Position
from xinmei.people.revealing import Masked, answer, read_masked
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on

FORMS: dict[str, Any] = {"answer": AnswerForm, "hand_over_message": HandOverForm, "moderate": ModerateForm}
BUTTONS = {"answer": "登记答复", "hand_over_message": "转办", "moderate": "登记审看"}
DONE = {
    "answer": "答复已登记，计时停止。",
    "hand_over_message": "已登记转办，答复期限照算。",
    "moderate": "审看已登记。",
}


def _masked(found: Message) -> list[Masked]:
    """「personal data in any of these (numbers, names of citizens …)」"""
    name = [Masked("author", "留言人", mask_name(found.author), found.author)] if found.author else []
    texts = {"text": found.text} | {f"reply{reply.position}": reply.text for reply in found.replies.all()}
    return name + read_masked(texts)


def mask_name(name: str) -> str:
    """A citizen's name: its first character and stars."""
    return name[:1] + "*" * min(len(name) - 1, 4)


def _verbs(acting: Acting, found: Message) -> list[str]:
    """What can be done to the message as it stands; a comment on hold is moderated, everything can be answered and handed over."""
    try:
        doors.message_for(acting, found.code, to="answer")
    except Refused:
        return []
    waits = found.kind == Message.Kind.COMMENT and found.published_at is None
    return ["moderate", "answer", "hand_over_message"] if waits else ["answer", "hand_over_message"]


def _page(request: Request, found: Message, form: Any = None, failed: str = "", status: int = 200) -> HttpResponse:
    owed = is_owed(found)
    replies = list(found.replies.all())
    first = min((one.replied_at for one in replies if not one.automatic), default=None)
    term = deadlines.reply_due(found.received_at, readings_on(day_of(request.now))) if owed else None
    verbs = _verbs(request.acting, found)
    positions = dict(Position.choices)
    context = {
        "message": found,
        "author": mask_name(found.author),
        "term": term,
        "first": first,
        "late": bool(term and first and first > term.due_at),
        "replies": replies,
        "history": [(step, positions.get(step.position, "")) for step in found.steps.order_by("id")],
        "acts": [
            (
                verb,
                BUTTONS[verb],
                form if verb == failed else FORMS[verb](prefix=verb),
                verb == failed or (not failed and place == 0 and not first),
            )
            for place, verb in enumerate(verbs)
        ],
        "refused": list(form.non_field_errors()) if form is not None and failed not in verbs else [],
        "masked": _masked(found),
        "reveal_address": reverse("reveal_message", args=[found.code]),
        "now": request.now,
    }
    return render(request, "interaction/message.html", context, status=status)


@door(get=doors.message_for)
def message(request: Request, found: Message) -> HttpResponse:
    """One message: what was asked, by when an answer is owed and why, what was done."""
    return _page(request, found)


@door(get=doors.message_for, to="reveal", methods=("POST",))
def reveal(request: Request, found: Message) -> HttpResponse:
    """One piece of personal data of a message, once, with a reason."""
    return answer(request, _masked(found), kind="message", number=found.code)


def _act(verb: str, found: Message, data: dict[str, Any], by: Acting, at: datetime) -> None:
    if verb == "answer":
        actions.answer(found, data["text"], by=by, at=at)
    elif verb == "hand_over_message":
        actions.hand_over(found, data["to"], data["note"], by=by, at=at)
    else:
        actions.moderate(found, release=data["release"] == "yes", note=data["note"], by=by, at=at)


def _view_of(verb: str, right: str) -> Any:
    @door(get=doors.message_for, to=right, methods=("POST",))
    def act(request: Request, found: Message) -> HttpResponse:
        form = FORMS[verb](request.POST, prefix=verb)
        if form.is_valid():
            try:
                _act(verb, found, form.cleaned_data, request.acting, request.now)
            except actions.NotPossible as refused:
                form.add_error(None, str(refused))
        if form.errors:
            return _page(request, found, form, verb, status=422)
        messages.success(request, DONE[verb])
        return redirect("message", pk=found.code)

    return act


# A comment is moderated by whoever answers.
ACTS = {verb: _view_of(verb, "answer" if verb == "moderate" else verb) for verb in BUTTONS}


PATROL_COLUMNS = (
    Column("day", "日期", lambda row: row.day, sort="day"),
    Column("half", "上下午", lambda row: row.get_half_display(), sort="half"),
    Column("account", "账号", lambda row: row.account.name, "interaction/cells/patrol_account.html", wide=True),
    Column("by", "值班人", lambda row: row.by),
    Column("at", "时间", lambda row: row.at, sort="at"),
    Column(
        "checked",
        "看了什么",
        lambda row: "、".join(actions.LOOKS[name] for name in row.checked or () if name in actions.LOOKS),
    ),
    Column("note", "情况", lambda row: mask(row.note)),
)


def _patrols(request: Request, form: PatrolForm | None = None) -> HttpResponse:
    acting, moment = request.acting, request.now.astimezone(SHANGHAI)
    filters = (
        Filter("half", "上下午", lambda rows, value: rows.filter(half=value), Patrol.Half.choices),
        Filter("account", "账号", lambda rows, value: rows.filter(account__name__icontains=value)),
    )
    listing = Listing(
        request,
        doors.patrols_visible_to(acting).select_related("account"),
        title="值守巡查",
        columns=PATROL_COLUMNS,
        filters=filters,
        order=("-day", "-half", "account__name"),
        empty="还没有值守巡查的登记：每个工作日上、下午各看一次留言，在这里登记。",
    )
    left = accounts_to_patrol(acting, request.now)
    context = {
        "form": form or (PatrolForm(_choices(left)) if left else None),
        "own": own_accounts(acting),
        "half": half_of(moment).label,
        "working": load_calendar().is_working_day(moment.date()),
    }
    return listing.respond("interaction/patrols.html", context)


def _choices(accounts: list[Account]) -> list[tuple[str, str]]:
    return [(account.code, f"{account.name}（{account.get_platform_display()}）") for account in accounts]


@door(see="findings_sent")
def patrols(request: Request) -> HttpResponse:
    """The register of looks within reach; with the form for this half day for those whose accounts they are."""
    return _patrols(request)


@door(do="answer", methods=("POST",))
def make_patrol(request: Request) -> HttpResponse:
    """Registers the look of this half day."""
    left = accounts_to_patrol(request.acting, request.now)
    form = PatrolForm(_choices(left), request.POST)
    if form.is_valid():
        data = form.cleaned_data
        chosen = [account for account in left if account.code in data["accounts"]]
        try:
            made = actions.patrol(chosen, data["checked"], data["note"], by=request.acting, at=request.now)
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已登记今天{made[0].get_half_display()}对 {len(made)} 个账号的巡查。")
            return redirect("patrols")
    page = _patrols(request, form)
    page.status_code = 422
    return page
