"""问题 queue: one suspicion at a time, decided with one key; the next is there at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date

from xinmei.acts.performing import perform
from xinmei.core.refusals import NotNow, NotSo
from xinmei.core.verbs import Verb
from xinmei.notices.forwarding import receiver_of
from xinmei.pages.texts import write_day
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.supervision import doors, queries, queueing
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.labels import criterion_of, describe
from xinmei.supervision.models import Finding
from xinmei.supervision.showing import show
from xinmei.supervision.verbs import CONFIRM, DISMISS

REASONS = (
    "核实无误，属正常表述",
    "引用原文或文件名称",
    "已及时更正，不影响公众",
    "采集有误，与原文不符",
    "不属于本指标范围",
)
# What can be decided: the act, what is given with it, and what the page says afterwards.
DECISIONS: dict[str, tuple[Verb, dict[str, Any], str]] = {
    "confirm": (CONFIRM, {}, "已确认并发送"),
    "dismiss": (DISMISS, {"suspected": True}, "不予认定"),
    "never_here": (DISMISS, {"suspected": True, "again": "unit"}, "不予认定，本单位不再提示"),
    "never_anywhere": (DISMISS, {"suspected": True, "again": "all"}, "不予认定，都不再提示"),
}


def _numbers(text: str) -> list[int]:
    """The numbers of an address or a form, with commas between; what is none is left out."""
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 18][:1000]


@door(do="confirm")
def queue(request: Request) -> HttpResponse:
    """The page, or a part of it.

    `part`: the one suspicion after those left out, to be put in its place; `members`: those that a decision about this
    number takes along (`here`: of its unit); `still`: which of these numbers still wait. `skip`: numbers to leave out
    (decided and not yet sent); `done`: how many came before; `criterion`: this kind only; `pass=possible`: what the
    machine only guesses; `only`: this one.
    """
    if numbers := _numbers(request.GET.get("still", "")):
        rows = queries.suspicions(request.acting).filter(pk__in=numbers)
        return JsonResponse({"still": list(rows.values_list("pk", flat=True))})
    if numbers := _numbers(request.GET.get("members", "")):
        first = doors.finding_for(request.acting, numbers[0])
        found = queueing.members(request.acting, first, here=bool(request.GET.get("here")))
        return render(request, "supervision/queue_members.html", {"members": found})
    page = "supervision/queue_part.html" if request.GET.get("part") else "supervision/queue.html"
    return render(request, page, _card(request))


def _card(request: Request) -> dict[str, Any]:
    """The suspicion to be decided now, with what the page says about it."""
    acting, at = request.acting, request.now
    chosen, guesses = request.GET.get("criterion", ""), request.GET.get("pass") == "possible"
    every = queueing.waiting(acting, at)
    if "/" in chosen:
        set_, _, criterion = chosen.partition("/")
        every = every.filter(set=set_, criterion=criterion)
    rows = (queueing.guessed if guesses else queueing.not_guessed)(every)
    left = rows.select_related("account__unit", "unit", "evidence").exclude(
        pk__in=_numbers(request.GET.get("skip", ""))
    )
    done, count = next(iter(_numbers(request.GET.get("done", ""))), 0), left.count()
    wanted = _numbers(request.GET.get("only", ""))
    found = (every.select_related("account__unit", "unit", "evidence").filter(pk=wanted[0]) if wanted else left).first()
    return {
        "finding": found,
        "done": done,
        "total": count + done,
        "chosen": chosen if "/" in chosen else "",
        "guesses": guesses,
        "others": 0 if request.GET.get("part") and found else every.count() - rows.count(),
        "put_off": 0 if found else queueing.put_off_by(acting, at),
        "reasons": REASONS,
        "days": queueing.days_to_choose(at),
        **(_about(acting, found) if found else {}),
    }


def _about(acting: Acting, found: Finding) -> dict[str, Any]:
    same = queries.of_the_same_rule(acting, found)
    has_words = bool(read_hits(found.evidence)[1])
    return {
        "said": describe([found])[0],
        "name": _name_of(found),
        "shown": show(found.evidence),
        "sure": queueing.sureness(acting, found),
        "same": [pk for pk, _ in same],
        "same_here": [pk for pk, unit in same if unit == found.unit_id],
        "may_never_here": has_words and may(acting, "allow_for_unit"),
        "may_never_anywhere": has_words and may(acting, "allow_for_all"),
    }


def _name_of(finding: Finding) -> str:
    """「澄州政务 · 严重表述错误」."""
    of = finding.account.name if finding.account else finding.unit.name
    return f"{of} · {criterion_of(finding).title}"


@door(do="confirm", methods=("POST",))
def decide(request: Request) -> HttpResponse:
    """One decision of the queue, about one suspicion or all those of its rule that were shown; the answer says in
    Chinese what came of it.
    """
    by, at = request.acting, request.now
    decision = DECISIONS.get(request.POST.get("verb", ""))
    if decision is None:
        known = "、".join(said for _, _, said in DECISIONS.values())
        return JsonResponse({"error": f"没有这种决定，可以是：{known}。请刷新页面再办。"}, status=422)
    verb, given, said = decision
    numbers = request.POST.get("id", "")
    first = doors.finding_for(by, numbers.partition(",")[0])
    others = doors.findings_visible_to(by).filter(pk__in=_numbers(numbers)[1:]).exclude(pk=first.pk)
    ids = [first.pk, *others.values_list("pk", flat=True)]
    why = request.POST.get("why", "").strip()[:2000]
    if verb.fields and not why:
        return JsonResponse({"error": "没有选理由：不予认定要写明依据，请选一条或自己写。"}, status=422)
    try:
        perform(verb, ids, by=by, at=at, given=_with_reason(verb, given, why))
    except (NotNow, NotSo) as refused:
        return JsonResponse({"error": str(refused)}, status=409)
    more = f" 等 {len(ids)} 个" if len(ids) > 1 else ""
    instead = receiver_of(first.unit, at).said if verb is CONFIRM else ""
    return JsonResponse({"said": f"{_name_of(first)}{more} · {'已确认，' + instead if instead else said}"})


@door(do="confirm", methods=("POST",))
def later(request: Request) -> HttpResponse:
    """以后再说: one suspicion is put off until a day, for this person; without a day it is there again at once."""
    by, text = request.acting, request.POST.get("until", "").strip()
    found = doors.finding_for(by, request.POST.get("id", ""))
    until, today = parse_day(text), day_of(request.now)
    if text and (until is None or not today < until <= today + queueing.LONGEST_PUT_OFF):
        most = queueing.LONGEST_PUT_OFF.days
        return JsonResponse({"error": f"日期应在明天以后、{most} 天以内，如 {today + timedelta(days=1)}。"}, status=422)
    queueing.put_off(found, until, by=by)
    word = f"以后再说，{write_day(until, request.now)}再看" if until else "又在这里了"
    return JsonResponse({"said": f"{_name_of(found)} · {word}"})


def parse_day(text: str) -> date | None:
    """A day as the browser writes it; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _with_reason(verb: Verb, given: dict[str, Any], why: str) -> dict[str, Any]:
    """What is given with the act; a reason only where the act takes one."""
    return {**given, "why": why} if verb.fields else given


@door(do="confirm", methods=("POST",))
def decide_many(request: Request) -> HttpResponse:
    """Confirms or dismisses the chosen suspicions in one go: all or nothing."""
    by, chosen = request.acting, DECISIONS.get(request.POST.get("verb", ""))
    wanted = _numbers(",".join(request.POST.getlist("ids")[:500]))
    ids = list(doors.findings_visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    if not ids or chosen is None:
        messages.error(request, "没有选中问题：先在列表左侧勾选，再点确认或不予认定。")
        return redirect("/findings/?waiting=suspected")
    verb, given, _ = chosen
    try:
        given = _with_reason(verb, given, request.POST.get("why", ""))
        done = perform(verb, ids, by=by, at=request.now, given=given).objects
        said = dict.fromkeys(verb.said(one) for one in {one.unit_id: one for one in done}.values())
        messages.success(request, f"{len(ids)} 个问题{''.join(said)}")
    except (NotNow, NotSo) as refused:
        messages.error(request, str(refused))
    return redirect("/findings/?waiting=suspected")
