"""稿源单位: the list that the office keeps, beside the one in the rules."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse

from xinmei.core.sources import say_groups
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, in_force
from xinmei.people.guard import Request, signed_in
from xinmei.publishing.sources.models import ApprovedSource
from xinmei.publishing.sources.queries import sources_visible_to

COLUMNS = (
    Column("name", "名称", lambda row: row.name, sort="name", wide=True),
    Column("level", "层级", lambda row: row.get_level_display(), sort="level"),
    Column("allowed_by", "谁确定的", lambda row: row.allowed_by),
    Column("from", "自", lambda row: row.starts_on, sort="starts_on"),
    Column("to", "至", lambda row: row.ends_on, sort="ends_on"),
    Column("act", "办理", lambda row: "", "publishing/sources/act.html"),
)


@signed_in
def listed(request: Request) -> HttpResponse:
    """The sources that the office added, and what the rules name."""
    today = day_of(request.now)
    listing = Listing(
        request,
        sources_visible_to(request.acting),
        title="稿源单位",
        columns=COLUMNS,
        filters=(
            Filter(
                "now",
                "现在",
                lambda rows, value: rows.filter(in_force(today)) if value == "on" else rows.exclude(in_force(today)),
                [("on", "可转载"), ("off", "已停用或未到")],
                chips=True,
            ),
            Filter("level", "层级", lambda rows, value: rows.filter(level=value), ApprovedSource.Level.choices),
            Filter("q", "名称", lambda rows, value: rows.filter(Q(name__icontains=value))),
        ),
        order=("name", "pk"),
        empty="本市还没有另外确定的稿源单位。",
        counter="个",
    )
    return listing.respond("publishing/sources/listed.html", {"groups": say_groups()})
