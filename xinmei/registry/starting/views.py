"""登记启用: where it stands, what is left on each step, and exactly those rows."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse

from xinmei.notices.models import Notice
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.registry.reconciling.doors import RIGHT
from xinmei.registry.starting.actions import KEY
from xinmei.registry.starting.queries import Way, accounts_on_the_way, describe, way_of
from xinmei.units.models import Unit

COLUMNS = (
    Column("name", "账号", lambda row: row.account.name, "registry/starting/cell.html", wide=True),
    Column("platform", "平台", lambda row: row.account.get_platform_display(), sort="platform"),
    Column("unit", "主办单位", lambda row: row.account.unit.name, sort="unit__path"),
    Column("gaps", "登记缺什么", lambda row: "、".join(row.gaps)),
    Column("differences", "没有处理的不一致", lambda row: row.differences or None, number=True),
    Column("confirmed", "单位确认", lambda row: row.standing),
    Column("at", "确认时间", lambda row: row.confirmation.at if row.confirmation else None),
)
OF_UNITS = (
    Column("unit", "单位", lambda row: row.name, "registry/starting/unit.html", sort="path", wide=True),
    Column("serving", "在用账号", lambda row: row.serving, number=True),
    Column("left", "没有确认", lambda row: row.left, number=True),
    Column("reminded", "最近提醒", lambda row: row.reminded),
)


def _filters(way: Way) -> tuple[Filter, ...]:
    """What is left on a step, as the rows themselves."""
    left = {"gaps": way.gaps, "unconfirmed": way.unconfirmed}
    steps = [("gaps", "登记有缺的"), ("unconfirmed", "单位没有确认的")]
    return (
        Filter("step", "只看", lambda rows, value: rows.filter(pk__in=left[value]), steps, chips=True),
        Filter("q", "账号、单位", _by_words),
    )


def _by_words(rows: QuerySet[Account], value: str) -> QuerySet[Account]:
    return rows.filter(Q(name__icontains=value) | Q(unit__name__icontains=value))


@door(do=RIGHT)
def starting(request: Request) -> HttpResponse:
    """The four steps with their counts; below them the accounts, narrowed to what is left on one."""
    way = way_of(request.acting)
    confirms = may(request.acting, "confirm_account")
    listing = Listing(
        request,
        accounts_on_the_way(request.acting),
        title="在用的账号",
        columns=COLUMNS,
        filters=_filters(way),
        order=("unit__path", "unit__code", "platform", "code"),
        decorate=lambda found: describe(found, request.acting),
        selectable=confirms and request.GET.get("step") == "unconfirmed",
        empty="还没有账号：先导入现在的账号登记表。",
        counter="个",
    )
    context = {
        "way": way,
        "by_filings": settings.REGISTER == "filings",
        "confirms": confirms,
        "choosing": [("account.confirm:on", "确认登记无误")],
    }
    return listing.respond("registry/starting/starting.html", context)


@door(do=RIGHT)
def units(request: Request) -> HttpResponse:
    """The units that have not confirmed all of their entries, to be reminded."""
    left = way_of(request.acting).left_of_unit
    reminds = may(request.acting, "remind")

    def count(found: list[Unit]) -> list[Unit]:
        told = Notice.objects.filter(kind=Notice.Kind.REMINDER, key__startswith=f"{KEY} ", about__in=found)
        last = dict(told.order_by().values_list("about").annotate(at=Max("at")))
        for one in found:
            one.left, one.reminded, one.choice = left[one.pk], last.get(one.pk), one.code  # type: ignore[attr-defined]
        return found

    rows = Unit.objects.filter(pk__in=list(left)).annotate(
        serving=Count("accounts", filter=Q(accounts__status__in=Account.SERVING))
    )
    listing = Listing(
        request,
        rows,
        title="没有确认登记的单位",
        columns=OF_UNITS,
        filters=(Filter("q", "单位", lambda rows, value: rows.filter(Q(name__icontains=value) | Q(code=value))),),
        order=("path", "code"),
        decorate=count,
        selectable=reminds,
        empty="各单位都确认了。",
        counter="个",
    )
    return listing.respond("registry/starting/units.html", {"choosing": [("unit.remind:on", "提醒确认登记")]})
