"""纠错: the public's page with the receipt, and the list for those who answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.screening import mask
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door, public
from xinmei.registry.corrections.models import Report
from xinmei.registry.corrections.queries import due_at, report_by_receipt, reports_visible_to
from xinmei.registry.corrections.verbs import mask_contact
from xinmei.registry.models import Account

COLUMNS = (
    Column("number", "回执号", lambda row: str(row.pk)),
    Column("about", "关于", lambda row: row.account.name if row.account else mask(row.about), wide=True),
    Column("text", "内容", lambda row: mask(row.text)),
    Column("contact", "联系方式", lambda row: mask_contact(row.contact)),
    Column("unit", "所涉单位", lambda row: row.unit.name if row.unit else "（市级）"),
    Column("made", "收到时间", lambda row: row.made_at, sort="made_at"),
    Column("due", "答复期限", lambda row: due_at(row) if row.state == Report.State.OPEN else None),
    Column("state", "状态", lambda row: row.get_state_display(), sort="state"),
    Column("answer", "答复", lambda row: mask(row.answer), "registry/corrections/act.html"),
)


@door(see="register_contact")
def listed(request: Request) -> HttpResponse:
    """The reports about the units in reach, the latest first."""
    listing = Listing(
        request,
        reports_visible_to(request.acting).select_related("account", "unit"),
        title="公众纠错",
        columns=COLUMNS,
        filters=(
            Filter("state", "状态", lambda rows, value: rows.filter(state=value), Report.State.choices, chips=True),
        ),
        order=("-pk",),
        empty="没有公众纠错。",
        counter="件",
    )
    return listing.respond("registry/corrections/listed.html")


@public
def correct(request: Request) -> HttpResponse:
    """The form, and the answer for whoever has a receipt."""
    number, code = (request.GET.get(name, "").replace("\x00", "")[:40] for name in ("number", "code"))
    asked = bool(number or code)
    account = Account.objects.filter(code=request.GET.get("account", "").replace("\x00", "")[:200]).first()
    context = {
        "asked": asked,
        "number": number,
        "report": report_by_receipt(number, code) if asked else None,
        "account": account,
    }
    return render(request, "registry/corrections/correct.html", context)
