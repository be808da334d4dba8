"""问题 queue: one suspicion at a time, decided with one key; the next is there at once."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from xinmei.people.guard import Request, door
from xinmei.supervision import actions, doors, queries
from xinmei.supervision.labels import describe
from xinmei.supervision.showing import show

REASONS = ("核实无误，属正常表述", "引用原文或文件名称", "已及时更正，不影响公众", "采集有误，与原文不符", "不属于本指标范围")


@door(do="confirm")
def queue(request: Request) -> HttpResponse:
    """The page, or (`?part=1`) the one suspicion after those that were put off, to be put in its place.

    `skip`: numbers of those decided but not yet sent, or put off, with commas; `criterion`: this kind only.
    """
    rows = queries.suspicions(request.acting).select_related("account__unit", "unit", "evidence")
    chosen = request.GET.get("criterion", "")
    if "/" in chosen:
        set_, _, criterion = chosen.partition("/")
        rows = rows.filter(set=set_, criterion=criterion)
    skipped = [int(part) for part in request.GET.get("skip", "").split(",") if part.isascii() and part.isdigit() and len(part) < 18][:1000]
    wanted = request.GET.get("only", "")
    left = rows.exclude(pk__in=skipped)
    count = left.count()
    found = left.filter(pk=int(wanted)).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else left.first()
    said = describe([found])[0] if found else None
    context = {
        "said": said,
        "finding": found,
        "shown": show(found.evidence) if found else None,
        "left": count,
        "done": len(skipped),
        "total": count + len(skipped),
        "chosen": chosen if "/" in chosen else "",
        "reasons": REASONS,
    }
    return render(request, "supervision/queue_part.html" if request.GET.get("part") else "supervision/queue.html", context)


@door(do="confirm", methods=("POST",))
def decide(request: Request) -> HttpResponse:
    """One decision of the queue; the answer says in Chinese what came of it."""
    by, at = request.acting, request.now
    verb = "dismiss" if request.POST.get("verb") == "dismiss" else "confirm"
    found = doors.finding_for(by, request.POST.get("id", ""), to=verb)
    try:
        if verb == "dismiss":
            actions.dismiss([found.pk], by=by, at=at, why=request.POST.get("why", "").strip() or REASONS[0])
        else:
            actions.confirm([found.pk], by=by, at=at)
    except actions.StepRefused as refused:
        return JsonResponse({"error": str(refused)}, status=409)
    return JsonResponse({"said": f"第 {found.pk} 号：{'不予认定' if verb == 'dismiss' else '已确认并发送'}"})
