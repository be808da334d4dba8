"""问题 queue: one suspicion at a time, decided with one key; the next is there at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from xinmei.acts.performing import perform
from xinmei.core.refusals import NotNow, NotSo
from xinmei.core.verbs import Verb
from xinmei.people.doors import may
from xinmei.people.guard import Request, door
from xinmei.supervision import doors, queries
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.labels import describe
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
    """The page, or (`?part=1`) the one suspicion after those that were put off, to be put in its place.

    `skip`: numbers of those put off, or decided but not yet sent, with commas; `done`: how many came before;
    `criterion`: this kind only.
    """
    acting = request.acting
    rows = queries.suspicions(acting).select_related("account__unit", "unit", "evidence")
    chosen = request.GET.get("criterion", "")
    if "/" in chosen:
        set_, _, criterion = chosen.partition("/")
        rows = rows.filter(set=set_, criterion=criterion)
    left = rows.exclude(pk__in=_numbers(request.GET.get("skip", "")))
    done = next(iter(_numbers(request.GET.get("done", ""))), 0)
    count = left.count()
    wanted = _numbers(request.GET.get("only", ""))
    found = left.filter(pk=wanted[0]).first() if wanted else left.first()
    same = queries.of_the_same_rule(acting, found) if found else []
    context = {
        "said": describe([found])[0] if found else None,
        "finding": found,
        "shown": show(found.evidence) if found else None,
        "done": done,
        "total": count + done,
        "chosen": chosen if "/" in chosen else "",
        "reasons": REASONS,
        "same": [pk for pk, _ in same],
        "same_here": [pk for pk, unit in same if found and unit == found.unit_id],
        "may_never_here": bool(found and may(acting, "allow_for_unit") and read_hits(found.evidence)[1]),
        "may_never_anywhere": bool(found and may(acting, "allow_for_all") and read_hits(found.evidence)[1]),
    }
    return render(
        request, "supervision/queue_part.html" if request.GET.get("part") else "supervision/queue.html", context
    )


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
    why = request.POST.get("why", "").strip()[:2000] or REASONS[0]
    try:
        perform(verb, ids, by=by, at=at, given=_with_reason(verb, given, why))
    except (NotNow, NotSo) as refused:
        return JsonResponse({"error": str(refused)}, status=409)
    more = f"等 {len(ids)} 个" if len(ids) > 1 else ""
    return JsonResponse({"said": f"第 {first.pk} 号{more}：{said}"})


def _with_reason(verb: Verb, given: dict[str, Any], why: str) -> dict[str, Any]:
    """What is given with the act; a reason only where the act takes one."""
    return {**given, "why": why} if verb.fields else given


@door(do="confirm", methods=("POST",))
def decide_many(request: Request) -> HttpResponse:
    """Confirms or dismisses the chosen suspicions in one go: all or nothing."""
    by, chosen = request.acting, DECISIONS.get(request.POST.get("verb", ""))
    wanted = {int(pk) for pk in request.POST.getlist("ids")[:500] if pk.isascii() and pk.isdigit() and len(pk) < 18}
    ids = list(doors.findings_visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    if not ids or chosen is None:
        messages.error(request, "没有选中问题：先在列表左侧勾选，再点确认或不予认定。")
        return redirect("/findings/?waiting=suspected")
    verb, given, _ = chosen
    try:
        perform(verb, ids, by=by, at=request.now, given=_with_reason(verb, given, request.POST.get("why", "")))
        messages.success(request, f"{len(ids)} 个问题{verb.done}")
    except (NotNow, NotSo) as refused:
        messages.error(request, str(refused))
    return redirect("/findings/?waiting=suspected")
