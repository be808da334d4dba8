"""录入问题: a fault that a person saw, with what was seen."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xinmei.people.guard import Request, door
from xinmei.registry.doors import account_for, unit_for
from xinmei.supervision import actions
from xinmei.supervision.forms import EnterForm
from xinmei.supervision.labels import criteria_for_people


@door(do="find", methods=("GET", "POST"))
def enter(request: Request) -> HttpResponse:
    """The form for one account or one unit, named by the address."""
    code = request.GET.get("account") or request.GET.get("unit")
    if not code:
        return render(request, "supervision/enter.html", {"form": None})
    account = account_for(request.acting, code) if request.GET.get("account") else None
    unit = account.unit if account else unit_for(request.acting, code)
    choices = criteria_for_people("account" if account else "unit")
    form = EnterForm(choices, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = actions.enter(
                data["criterion"],
                by=request.acting,
                at=request.now,
                note=data["note"],
                account=account,
                unit=None if account else unit,
                subject=data["subject"],
                file=data["file"],
            )
        except actions.StepRefused as refused:
            form.add_error(None, str(refused))
        except actions.UnknownCriterion as unknown:
            raise Http404 from unknown
        else:
            messages.success(request, "已录入，等待他人确认。")
            return redirect("finding", pk=found.pk)
    return render(
        request,
        "supervision/enter.html",
        {"form": form, "account": account, "unit": unit},
        status=422 if form.errors else 200,
    )
