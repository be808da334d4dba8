"""功能: what the accounts offer, and whether it works."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse

from xinmei.core.functions import function_kinds
from xinmei.core.screening import mask
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, in_force, may
from xinmei.people.guard import Request, signed_in
from xinmei.publishing.functions.models import Function
from xinmei.publishing.functions.queries import functions_visible_to, with_outage

COLUMNS = (
    Column("name", "功能", lambda row: row.name, "publishing/functions/name.html", sort="name", wide=True),
    Column("account", "账号", lambda row: row.account.name, "publishing/cells/account.html", sort="account__name"),
    Column("kind", "种类", lambda row: row.get_kind_display(), sort="kind"),
    Column("url", "链接", lambda row: mask(row.url) or "没有网址"),
    Column(
        "outcome",
        "最近一次查看",
        lambda row: row.get_outcome_display(),
        "publishing/functions/seen.html",
        sort="outcome",
    ),
    Column("looked_at", "查看时间", lambda row: row.looked_at, sort="looked_at"),
    Column("act", "办理", lambda row: "", "publishing/functions/act.html"),
)


def _filters(today: date) -> tuple[Filter, ...]:
    return (
        Filter("outcome", "结果", lambda rows, value: rows.filter(outcome=value), Function.State.choices, chips=True),
        Filter(
            "now",
            "现在",
            lambda rows, value: rows.filter(in_force(today)) if value == "on" else rows.exclude(in_force(today)),
            [("on", "在用"), ("off", "已停用")],
        ),
        Filter("kind", "种类", lambda rows, value: rows.filter(kind=value), function_kinds()),
        Filter(
            "q",
            "名称、账号",
            lambda rows, value: rows.filter(Q(name__icontains=value) | Q(account__name__icontains=value)),
        ),
    )


@signed_in
def listed(request: Request) -> HttpResponse:
    """The functions of the accounts in reach."""
    listing = Listing(
        request,
        with_outage(functions_visible_to(request.acting).select_related("account"), request.now),
        title="功能",
        columns=COLUMNS,
        filters=_filters(day_of(request.now)),
        order=("account__name", "name", "pk"),
        empty="还没有登记功能：把账号的菜单、办事链接、下载登记在这里，系统每天查看能不能用。",
        counter="项",
    )
    context = {"has_second_place": bool(settings.SECOND_PLACE), "may_add": may(request.acting, "list_function")}
    return listing.respond("publishing/functions/listed.html", context)
