"""The page of 关停导航."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.calendar import SHANGHAI
from xinmei.files.keeping import load
from xinmei.pages.fields import day_field
from xinmei.people.doors import day_of, may
from xinmei.people.guard import Request, door
from xinmei.registry.closing.doors import archive_for
from xinmei.registry.closing.models import Archive
from xinmei.registry.closing.navigating import navigate
from xinmei.registry.doors import contact_for
from xinmei.registry.filings.offices import belongs_to
from xinmei.registry.models import Account

# Nobody plans further ahead, or gives an office more days.
MOST_OFFICE_DAYS, LAST_YEAR = 60, 2100


class WishForm(forms.Form):
    """By when all shall be over, and how many working days each office gets. Sent by GET: the link can be passed on."""

    by = day_field("希望哪天以前结束", required=False)
    office_days = forms.IntegerField(
        label="每个审核环节留几个工作日",
        required=False,
        min_value=0,
        max_value=MOST_OFFICE_DAYS,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            "invalid": "应写成整数。",
            "min_value": "不能少于 0 天。",
            "max_value": f"最多 {MOST_OFFICE_DAYS} 天。",
        },
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today

    def clean_by(self) -> date | None:
        """A day to come."""
        by: date | None = self.cleaned_data["by"]
        if by is not None and not self.today <= by <= date(LAST_YEAR, 12, 31):
            raise forms.ValidationError(f"写的是 {by}；应是 {self.today} 或以后的一天。")
        return by


@door(get=contact_for)
def closing(request: Request, account: Account) -> HttpResponse:
    """All days of a whole closure: forward from today, backward from the day that is wished for."""
    acting, now = request.acting, request.now
    form = WishForm(request.GET if request.GET else None, today=day_of(now))
    form.is_valid()
    given = form.cleaned_data if form.is_bound else {}
    plan = navigate(acting, account, now, given.get("by"), given.get("office_days"))
    context = {
        "account": account,
        "plan": plan,
        "lines": plan.lines,
        "squares": plan.squares,
        "count": len(plan.squares),
        "form": form,
        "may_write": plan.filing is None and may(acting, "write_filing") and belongs_to(acting, account.unit_id),
        "successor": _successor_of(plan.filing.successor) if plan.filing is not None else "",
        "archives": plan.archives,
        "may_archive": may(acting, "archive_account") and acting.unit_id == account.unit_id,
        "now": now,
    }
    return render(request, "registry/closing/closing.html", context)


@door(get=archive_for)
def archive(request: Request, found: Archive) -> HttpResponse:
    """The file of an archive, verified by its digest."""
    name = quote(f"{found.account.name}存档{found.made_at.astimezone(SHANGHAI):%Y%m%d}.zip")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(load(str(found.file_id)), content_type="application/zip", headers=headers)


def _successor_of(said: dict[str, str] | None) -> str:
    """Where people shall go, in words."""
    if not said:
        return ""
    if code := said.get("account"):
        return Account.objects.filter(code=code).values_list("name", flat=True).first() or code
    return said.get("text", "")
