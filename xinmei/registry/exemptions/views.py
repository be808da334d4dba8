"""例外: the list, with what stands and what is over."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from xinmei.core.screening import mask
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door
from xinmei.registry.exemptions.models import Exemption
from xinmei.registry.exemptions.queries import exemptions_visible_to, in_force
from xinmei.registry.models import Account

_PLATFORMS = dict(Account.Platform.choices)
COLUMNS = (
    Column("unit", "单位", lambda row: row.unit.name, wide=True),
    Column("platform", "平台", lambda row: _PLATFORMS.get(row.platform, row.platform), sort="platform"),
    Column("kind", "类型", lambda row: Account.KIND_LABELS.get(row.kind, row.kind) or "各类"),
    Column("reason", "理由", lambda row: mask(row.reason)),
    Column("granted", "批准时间", lambda row: row.granted_at, sort="granted_at"),
    Column("until", "到哪天", lambda row: row.until, sort="until"),
    Column("ended", "终止时间", lambda row: row.ended_at),
    Column("act", "办理", lambda row: "", "registry/exemptions/act.html"),
)


@door(see="register")
def listed(request: Request) -> HttpResponse:
    """The exemptions, the latest first."""

    def by_standing(rows: QuerySet[Exemption], value: str) -> QuerySet[Exemption]:
        standing = in_force(request.now).values("pk")
        return rows.filter(pk__in=standing) if value == "standing" else rows.exclude(pk__in=standing)

    listing = Listing(
        request,
        exemptions_visible_to(request.acting).select_related("unit"),
        title="例外",
        columns=COLUMNS,
        filters=(
            Filter("now", "现在", by_standing, [("standing", "有效"), ("over", "已失效")], chips=True),
            Filter("platform", "平台", lambda rows, value: rows.filter(platform=value), Account.Platform.choices),
        ),
        order=("-pk",),
        empty="没有例外：一个单位在同一平台只有一个账号。",
        counter="项",
    )
    return listing.respond("registry/exemptions/listed.html")
