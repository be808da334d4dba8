"""检查 → 链接: which links of recent posts are dead, lead to shops, or could not be seen."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse

from xinmei.core.links import host_of, kind_labels
from xinmei.core.screening import mask
from xinmei.jobs.doors import jobs_visible_to
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door
from xinmei.publishing.models import Post
from xinmei.screening.models import LinkSeen

COLUMNS = (
    Column("address", "链接", lambda row: mask(row.address), "screening/cells/link.html", wide=True),
    Column(
        "outcome", "结果", lambda row: row.get_outcome_display(), "screening/cells/link_outcome.html", sort="outcome"
    ),
    Column("leads_to", "去向", lambda row: row.kind, sort="leads_to"),
    Column("host", "最后到达", lambda row: host_of(row.hops[-1]) if row.hops else ""),
    Column("account", "信息", lambda row: row.post.account.name if row.post else "", "screening/cells/link_post.html"),
    Column("used", "用在", lambda row: row.used, sort="used", number=True),
    Column("checked_at", "查看时间", lambda row: row.checked_at, sort="checked_at"),
)


def _decorate(rows: list[LinkSeen]) -> list[LinkSeen]:
    """Adds the kind in Chinese and the newest post of each link; one query."""
    labels = kind_labels()
    pairs = (
        LinkSeen.posts.through.objects.filter(linkseen__in=rows)
        .order_by("post_id")
        .values_list("linkseen_id", "post_id")
    )
    newest = dict(pairs)
    posts = {
        post.pk: post for post in Post.objects.filter(pk__in=newest.values()).select_related("account").defer("text")
    }
    for row in rows:
        row.kind = labels.get(row.leads_to, row.leads_to)  # type: ignore[attr-defined]
        row.post = posts.get(newest.get(row.pk, 0))  # type: ignore[attr-defined]
    return rows


@door(do="rescreen")
def links(request: Request) -> HttpResponse:
    """The links of recent posts, with what was seen of each."""
    filters = (
        Filter("outcome", "结果", lambda rows, value: rows.filter(outcome=value), LinkSeen.Outcome.choices, chips=True),
        Filter("leads_to", "去向", lambda rows, value: rows.filter(leads_to=value), list(kind_labels().items())),
        Filter("q", "链接", lambda rows, value: rows.filter(address__icontains=value)),
    )
    listing = Listing(
        request,
        LinkSeen.objects.annotate(used=Count("posts")),
        title="链接",
        columns=COLUMNS,
        filters=filters,
        order=("-pk",),
        decorate=_decorate,
        empty="还没有看过链接：系统每天 4:00 查看近一周信息里的链接，也可以点“现在查看”。",
    )
    shops = LinkSeen.objects.filter(leads_to="advert").count()
    dead = LinkSeen.objects.filter(outcome=LinkSeen.Outcome.DEAD).count()
    unseen = LinkSeen.objects.filter(outcome=LinkSeen.Outcome.UNSEEN).count()
    jobs = jobs_visible_to(request.acting).filter(kind="check_links")[:3]
    return listing.respond("screening/links.html", {"shops": shops, "dead": dead, "unseen": unseen, "jobs": jobs})
