"""开始检查: a full inspection takes minutes, so it is started here and goes on as a job."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.jobs.actions import start
from xinmei.jobs.doors import jobs_visible_to
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.supervision import doors, queries
from xinmei.units.models import Unit

SHOWN = 5


class ScopeForm(forms.Form):
    """The whole city, or one unit with those below it."""

    unit = forms.CharField(
        label="范围",
        required=False,
        max_length=200,
        help_text="不填就是全市。只查一个单位及其下级单位的，写单位名称或代码。",
        widget=forms.TextInput(
            attrs={"class": "form-control", "list": "units", "autocomplete": "off", "placeholder": "全市"}
        ),
        error_messages={"max_length": "写得太长：请只写一个单位的名称或代码。"},
    )

    def clean_unit(self) -> str:
        """The code of the unit ("": the whole city)."""
        said = self.cleaned_data["unit"].strip()
        if not said:
            return ""
        found = list(Unit.objects.filter(code=said)) or list(Unit.objects.filter(name=said)[:2])
        if len(found) == 1:
            return found[0].code
        why = (
            f"叫“{said}”的单位不止一个，请写单位代码"
            if found
            else f"没有叫“{said}”的单位，也没有这个代码；可填：全称（如“{_example()}”）或代码，不填为全市"
        )
        raise forms.ValidationError(f"{why}。")


def _example() -> str:
    return Unit.objects.order_by("path").values_list("name", flat=True).first() or "市教育局"


@door(do="inspect", methods=("GET", "POST"))
def start_inspection(request: Request) -> HttpResponse:
    """The full inspection as of now, as a job; the page of the job shows how far it is."""
    form = ScopeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(
            "job",
            pk=start("inspection", by=request.acting, at=request.now, arguments={"unit": form.cleaned_data["unit"]}).pk,
        )
    context: dict[str, Any] = {
        "form": form,
        "units": Unit.objects.filter(kind__in=("county", "zone", "department"))
        .order_by("path")
        .values_list("name", flat=True)[:500],
        "accounts": Account.objects.filter(status__in=queries.SERVING).count(),
        "last": doors.inspections_visible_to(request.acting).filter(unit=None).order_by("-at").first(),
        "jobs": jobs_visible_to(request.acting).filter(kind="inspection")[:SHOWN],
        "now": request.now,
    }
    return render(request, "supervision/start.html", context, status=422 if request.method == "POST" else 200)
