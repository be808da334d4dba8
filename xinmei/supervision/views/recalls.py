"""检查 → 回头看: a place of the list, decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from xinmei.core.refusals import NotNow
from xinmei.people.guard import Request, door
from xinmei.screening.doors import recall_for
from xinmei.screening.models import Recall
from xinmei.supervision import recalling


@door(get=recall_for, to="find", methods=("POST",))
def decide(request: Request, recall: Recall) -> HttpResponse:
    """`fault`: yes or no."""
    is_fault = request.POST.get("fault") == "yes"
    try:
        finding = recalling.decide_recall(recall, is_fault=is_fault, by=request.acting, at=request.now)
    except NotNow as refused:
        messages.error(request, str(refused))
    else:
        said = (
            f"已录入为第 {finding.pk} 号问题，等他人确认。"
            if finding
            else "这条信息的同类问题已有记录。"
            if is_fault
            else "已记为不是问题。"
        )
        messages.success(request, said)
    return redirect("rescreening")
