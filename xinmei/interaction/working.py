"""One message with what was done to it, and the two daily looks (值守巡查)."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.replies import check_reply
from xinmei.core.screening import mask
from xinmei.files.keeping import load
from xinmei.files.serving import answer_with
from xinmei.interaction import doors
from xinmei.interaction.answering import offer_answers
from xinmei.interaction.models import AnswerProof, DraftReply, Errand, Message, Patrol
from xinmei.interaction.patrols import LOOKS, half_of, missed_today, to_look_at
from xinmei.interaction.showing import mask_name
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, may, one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.people.models import Position
from xinmei.people.reach import reach_q
from xinmei.people.revealing import Masked, answer, read_masked
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on


def _masked(found: Message) -> list[Masked]:
    """「personal data in any of these (numbers, names of citizens …)」"""
    name = [Masked("author", "留言人", mask_name(found.author), found.author)] if found.author else []
    texts = {"text": found.text} | {f"reply{reply.position}": reply.text for reply in found.replies.all()}
    return name + read_masked(texts)


def _drafts(acting: Acting, found: Message) -> list[DraftReply]:
    """Replies to it that wait for the second pair of eyes."""
    waiting = doors.drafts_visible_to(acting).filter(message=found, state=DraftReply.State.DRAFT)
    drafts = list(waiting.select_related("message__account__unit", "message__handed_to", "unit"))
    for one in drafts:
        one.suggestions = check_reply(one.text, found.text, found.author)  # type: ignore[attr-defined]
    return drafts


def _errands(found: Message) -> list[Errand]:
    """What the system does to it on its platform, the last first."""
    related = ("message__account__unit", "message__handed_to")
    return list(found.errands.select_related(*related).order_by("-id"))


@door(get=doors.message_for)
def message(request: Request, found: Message) -> HttpResponse:
    """One message: what was asked, by when an answer is owed and why, what was done."""
    replies = list(found.replies.all())
    first = min((one.replied_at for one in replies if not one.automatic), default=None)
    term = deadlines.reply_due(found.received_at, readings_on(day_of(request.now))) if found.applies else None
    positions = dict(Position.choices)
    steps = found.steps.select_related("proof").order_by("id")
    is_here = may(request.acting, "answer") and doors.is_own(request.acting, found.answering.pk)
    last = next((one for one in reversed(replies) if not one.automatic), None)
    context = {
        "message": found,
        "author": mask_name(found.author),
        "term": term,
        "first": first,
        "late": bool(term and first and first > term.due_at),
        "replies": replies,
        "drafts": _drafts(request.acting, found),
        "errands": _errands(found),
        "may_draft": is_here,
        "offered": offer_answers(found, found.answering.pk, request.now) if is_here and not last else [],
        "suggestions": check_reply(last.text, found.text, found.author) if last else [],
        "history": [(step, positions.get(step.position, "")) for step in steps],
        "may_open_proof": may(request.acting, "reveal"),
        "masked": _masked(found),
        "reveal_address": reverse("reveal_message", args=[found.code]),
        "now": request.now,
    }
    return render(request, "interaction/message.html", context)


@door(get=doors.message_for, to="reveal", methods=("POST",))
def reveal(request: Request, found: Message) -> HttpResponse:
    """One piece of personal data of a message, once, with a reason."""
    return answer(request, _masked(found), kind="message", number=found.code)


@door(get=doors.message_for, to="reveal")
def proof(request: Request, found: Message, step: str) -> HttpResponse:
    """What shows when an answer was given: a picture with names in it, so only for those who may see them."""
    kept = one_of(AnswerProof.objects.filter(step__message=found), step)
    name = quote(kept.name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return answer_with(request, lambda: load(kept.file_id), headers=headers)


PATROL_COLUMNS = (
    Column("day", "日期", lambda row: row.day, sort="day"),
    Column("half", "上下午", lambda row: row.get_half_display(), sort="half"),
    Column("account", "账号", lambda row: row.account.name, "interaction/cells/patrol_account.html", wide=True),
    Column("by", "值班人", lambda row: row.by),
    Column("at", "时间", lambda row: row.at, sort="at"),
    Column(
        "checked",
        "看了什么",
        lambda row: "、".join(LOOKS[name] for name in row.checked or () if name in LOOKS),
    ),
    Column("note", "情况", lambda row: mask(row.note)),
)


@door(see="findings_sent")
def patrols(request: Request) -> HttpResponse:
    """The register of looks within reach; with the form for this half day for those whose accounts they are."""
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
    asked = Patrol.Half.AM if request.GET.get("half") == Patrol.Half.AM else half_of(moment)
    working = load_calendar().is_working_day(moment.date())
    own, seen = to_look_at(acting, asked, request.now)
    within = Account.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent")), status__in=Account.SERVING)
    context = {
        "is_open": (working and bool(seen)) or hasattr(request, "attempt"),
        "own": own,
        "seen": seen,
        "missed": missed_today(within.select_related("unit"), request.now),
        "half": asked.label,
        "working": working,
    }
    return listing.respond("interaction/patrols.html", context)
