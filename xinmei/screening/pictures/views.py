"""检查 → 图片: what stands in the pictures of recent posts."""

from __future__ import annotations

from django.http import HttpResponse

from xinmei.core.screening import CATEGORIES, mask
from xinmei.jobs.doors import jobs_visible_to
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door
from xinmei.publishing.views import mark
from xinmei.screening.models import PictureRead
from xinmei.screening.pictures.reading import INSTALL, is_installed

COLUMNS = (
    Column("text", "图中文字", lambda row: mask(row.text), "screening/cells/picture_text.html", wide=True),
    Column(
        "categories",
        "命中",
        lambda row: "、".join(dict.fromkeys(CATEGORIES.get(hit["category"], "") for hit in row.hits)),
    ),
    Column("codes", "二维码", lambda row: mask("；".join(row.codes))),
    Column(
        "account", "信息", lambda row: row.post.account.name if row.post else "", "screening/cells/picture_post.html"
    ),
    Column("outcome", "结果", lambda row: row.get_outcome_display(), sort="outcome"),
    Column("read_at", "识别时间", lambda row: row.read_at, sort="read_at"),
)


def _decorate(rows: list[PictureRead]) -> list[PictureRead]:
    """Adds the marked text."""
    for row in rows:
        hits = [(hit["start"], hit["end"], hit["suggest"] or CATEGORIES.get(hit["category"], "")) for hit in row.hits]
        row.pieces = mark(row.text, hits)  # type: ignore[attr-defined]
    return rows


@door(do="rescreen")
def pictures(request: Request) -> HttpResponse:
    """The pictures of recent posts, with what was read in each."""
    filters = (
        Filter(
            "hit",
            "命中",
            lambda rows, value: rows.filter(is_hit=value == "yes"),
            [("yes", "有命中"), ("no", "没有命中")],
            chips=True,
        ),
        Filter("outcome", "结果", lambda rows, value: rows.filter(outcome=value), PictureRead.Outcome.choices),
        Filter("q", "图中文字", lambda rows, value: rows.filter(text__icontains=value)),
    )
    listing = Listing(
        request,
        PictureRead.objects.filter(post__isnull=False).select_related("post__account"),
        title="图片",
        columns=COLUMNS,
        filters=filters,
        order=("-pk",),
        decorate=_decorate,
        empty="还没有读过图片：系统每天 5:00 读近一个月信息里的新图片，也可以点“现在读图”。",
    )
    jobs = jobs_visible_to(request.acting).filter(kind="read_pictures")[:3]
    return listing.respond("screening/pictures.html", {"missing": "" if is_installed() else INSTALL, "jobs": jobs})
