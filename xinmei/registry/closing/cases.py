"""The list of cases."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from xinmei.core.screening import mask
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of
from xinmei.people.guard import Request, door
from xinmei.registry.closing.doors import cases_visible_to
from xinmei.registry.closing.models import Case

COLUMNS = (
    Column("about", "账号", lambda row: row.account.name if row.account else mask(row.about),
           "registry/closing/case_cell.html", wide=True),
    Column("kind", "情形", lambda row: row.get_kind_display(), sort="kind"),
    Column("unit", "责任单位", lambda row: row.unit.name, sort="unit__path"),
    Column("note", "怎样发现的", lambda row: mask(row.note)),
    Column("opened", "立案时间", lambda row: row.opened_at, sort="opened_at"),
    Column("due", "到哪天", lambda row: row.due_on, sort="due_on"),
    Column("outcome", "结果", lambda row: row.get_outcome_display() or row.get_state_display(), sort="state"),
    Column("act", "办理", lambda row: "", "registry/closing/case_act.html"),
)  # fmt: skip


@door(see="register_contact")
def listed(request: Request) -> HttpResponse:
    """The cases within reach, what is due first on top."""

    def by_waiting(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
        opened = rows.filter(state=Case.State.OPEN)
        return opened.filter(due_on__lt=day_of(request.now)) if value == "late" else opened

    listing = Listing(
        request,
        cases_visible_to(request.acting).select_related("account", "unit"),
        title="案件",
        columns=COLUMNS,
        filters=(
            Filter("waiting", "办到哪一步", by_waiting, [("open", "未结"), ("late", "已到期")], chips=True),
            Filter("kind", "情形", lambda rows, value: rows.filter(kind=value), Case.About.choices),
        ),
        order=("-state", "due_on", "pk"),
        empty="没有案件：没有发现未登记、僵尸、关停后又更新的账号。",
        counter="件",
    )
    return listing.respond("registry/closing/cases.html")
