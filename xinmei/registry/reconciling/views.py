"""两本账: the differences as a list, one of them side by side, a comparison, and the form of the national system."""

from __future__ import annotations

from urllib.parse import quote

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.screening import mask
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.lists.listing import XLSX
from xinmei.people.doors import may
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.registry.reconciling.doors import (
    accounts_to_register,
    comparison_for,
    comparisons_visible_to,
    difference_for,
    differences_visible_to,
)
from xinmei.registry.reconciling.entering import account_of, due_there, filing_for_it, to_type
from xinmei.registry.reconciling.form import write_form
from xinmei.registry.reconciling.forms import LABELS
from xinmei.registry.reconciling.models import Comparison, Difference, System

_WORDS = {
    "platform": dict(Account.Platform.choices),
    "kind": Account.KIND_LABELS,
    "status": dict(Account.Status.choices),
}


def in_words(field: str, value: str) -> str:
    """A value as people read it."""
    return mask(str(_WORDS.get(field, {}).get(value, value)))


def name_of(row: Difference) -> str:
    """The account, or what the row there is called."""
    return row.account.name if row.account else row.theirs


COLUMNS = (
    Column("name", "账号", name_of, "registry/reconciling/cell.html", wide=True),
    Column("kind", "种类", lambda row: row.get_kind_display(), "registry/reconciling/kind.html", sort="kind"),
    Column("unit", "单位", lambda row: row.unit.name, sort="unit__path"),
    Column("field", "登记项", lambda row: LABELS.get(row.field, ""), sort="field"),
    Column("ours", "本平台", lambda row: in_words(row.field, row.ours)),
    Column("theirs", "对方", lambda row: in_words(row.field, row.theirs)),
    Column("near", "相近的账号", lambda row: "、".join(row.near)),
    Column("system", "系统", lambda row: row.get_system_display(), sort="system"),
    Column("row", "第几行", lambda row: row.row),
    Column(
        "state", "处理", lambda row: row.get_how_display() or "待处理", "registry/reconciling/state.html", sort="state"
    ),
    Column("why", "理由", lambda row: mask(row.why)),
    Column("by", "处理时间", lambda row: row.settled_at, sort="settled_at"),
)


def _by_words(rows: QuerySet[Difference], value: str) -> QuerySet[Difference]:
    of_account = Q(account__name__icontains=value) | Q(account__code=value)
    return rows.filter(of_account | Q(ours__icontains=value) | Q(theirs__icontains=value))


def _by_unit(rows: QuerySet[Difference], value: str) -> QuerySet[Difference]:
    return rows.filter(Q(unit__name__icontains=value) | Q(unit__code=value))


@door(do="reconcile")
def listed(request: Request) -> HttpResponse:
    """What the last exports have otherwise than the register; those that wait first."""
    rows = differences_visible_to(request.acting).filter(standing=True)
    is_open = Count("pk", filter=Q(state=Difference.State.OPEN))
    counted = list(rows.order_by().values_list("kind").annotate(of_kind=Count("pk"), waiting=is_open))
    counts = {kind: count for kind, count, _ in counted}
    kinds = [(value, f"{label} {counts.get(value, 0)}") for value, label in Difference.Kind.choices]
    listing = Listing(
        request,
        rows.select_related("unit", "account"),
        title="两本账的不一致",
        columns=COLUMNS,
        filters=(
            Filter("kind", "种类", lambda rows, value: rows.filter(kind=value), kinds, chips=True),
            Filter("state", "处理", lambda rows, value: rows.filter(state=value), Difference.State.choices),
            Filter("system", "系统", lambda rows, value: rows.filter(system=value), System.choices),
            Filter("unit", "单位", _by_unit),
            Filter("q", "账号", _by_words),
        ),
        order=("state", "unit__path", "pk"),
        empty="没有不一致。上传国家、省系统或平台导出的表，和本平台逐个核对。",
        counter="处",
    )
    comparisons = comparisons_visible_to(request.acting).select_related("unit", "of_unit")[:5]
    context = {"comparisons": comparisons, "waiting": sum(waiting for _, _, waiting in counted)}
    return listing.respond("registry/reconciling/listed.html", context)


@door(get=comparison_for)
def comparison(request: Request, comparison: Comparison) -> HttpResponse:
    """What an export held, what was not understood, and what came of it."""
    words = [(comparison.headers.get(name) or LABELS[name], words) for name, words in comparison.unknown_words.items()]
    context = {"comparison": comparison, "unknown": words}
    return render(request, "registry/reconciling/comparison.html", context)


@door(get=difference_for)
def difference(request: Request, difference: Difference) -> HttpResponse:
    """Ours beside theirs, what to type there, or where to write a filing."""
    account = account_of(difference)
    near = list(Account.objects.filter(code__in=difference.near).select_related("unit")) if difference.near else []
    context = {
        "difference": difference,
        "account": account,
        "name": name_of(difference),
        "near": near,
        "rows": _side_by_side(difference, account or (near[0] if len(near) == 1 else None)),
        "to_type": to_type(difference) if difference.how == Difference.How.OURS else (),
        "due": due_there(difference, request.now) if difference.how == Difference.How.OURS else None,
        "filing": filing_for_it(difference)
        if difference.how == Difference.How.THEIRS and may(request.acting, "write_filing")
        else "",
        "now": request.now,
    }
    return render(request, "registry/reconciling/difference.html", context)


def _side_by_side(difference: Difference, account: Account | None) -> list[tuple[str, str, str, bool]]:
    """Each thing that the row says: its label there, ours, theirs, whether it is what differs."""
    found = []
    for name, theirs in difference.said.items():
        label = difference.comparison.headers.get(name) or LABELS[name]
        marked = difference.field in (name, {"type": "kind", "verified": "verification"}.get(name))
        found.append((label, _ours(account, name), mask(theirs), marked))
    return found


def _ours(account: Account | None, name: str) -> str:
    if account is None:
        return ""
    said = {
        "platform": account.get_platform_display(),
        "type": in_words("kind", account.kind),
        "unit": account.unit.name,
        "status": account.get_status_display(),
        "verified": "是" if account.verification else "",
        "filed": "否" if account.status == Account.Status.UNFILED else "是",
    }
    return mask(said[name] if name in said else str(getattr(account, name)))


@door(do="reconcile")
def national_form(request: Request) -> HttpResponse:
    """The accounts within reach in the form of the national system; phones are masked."""
    content = write_form(accounts_to_register(request.acting), masked=True)
    name = quote("政务新媒体账号信息登记表.xlsx")
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )
