"""发布: posts as they were seen, and checking a draft before it is posted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.core.screening import CATEGORIES, SHELVES, mask, mask_found
from xinmei.core.weeks import name_week, read_week, say_week
from xinmei.packs.in_use import current_screen
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door
from xinmei.people.revealing import Masked, answer, read_masked
from xinmei.publishing import doors
from xinmei.publishing.allowing.queries import allowed_at
from xinmei.publishing.models import Post, join_text
from xinmei.publishing.search import filter_by_word
from xinmei.registry.doors import accounts_seen_within
from xinmei.registry.models import Account

LONGEST_DRAFT, WEEKS_OFFERED = 20_000, 53
COLUMNS = (
    Column("title", "信息", lambda row: mask(row.title or row.text[:40]), "publishing/cells/title.html", wide=True),
    Column("account", "账号", lambda row: row.account.name, "publishing/cells/account.html"),
    Column("at", "发布时间", lambda row: row.published_at, sort="published_at"),
    Column("origin", "原创或转载", lambda row: row.get_origin_display() or "未知"),
    Column("source", "信息来源", lambda row: mask(row.source)),
    Column("reads", "阅读量", lambda row: row.reads, number=True),
    Column("deleted", "删除时间", lambda row: row.deleted_at),
)


def _in_week(rows: QuerySet[Post], value: str) -> QuerySet[Post]:
    """Posts of an ISO week in Shanghai."""
    start = datetime.combine(read_week(value), datetime.min.time(), SHANGHAI)
    return rows.filter(published_at__gte=start, published_at__lt=start + timedelta(days=7))


def _week_filter(now: datetime) -> Filter:
    """The weeks of a year are offered in words, the running one first."""
    today = now.astimezone(SHANGHAI).date()
    monday = today - timedelta(days=today.weekday())
    return Filter(
        "week",
        "周",
        _in_week,
        offers=[say_week(monday - timedelta(weeks=back)) for back in range(WEEKS_OFFERED)],
        understand=lambda text: name_week(read_week(text)),
        say=lambda value: say_week(read_week(value)),
    )


@door(see="posts")
def listed(request: Request) -> HttpResponse:
    """Posts within reach, the newest first."""
    filters = (
        Filter(
            "platform",
            "平台",
            lambda rows, value: rows.filter(account__in=Account.objects.filter(platform=value)),
            Account.Platform.choices,
        ),
        Filter("origin", "原创或转载", lambda rows, value: rows.filter(origin=value), Post.Origin.choices),
        _week_filter(request.now),
        filter_by_word(request.acting, "标题或正文"),
    )
    rows = doors.posts_visible_to(request.acting).select_related("account")
    account = None
    asked = request.GET.get("account", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        account = accounts_seen_within(request.acting).filter(pk=int(asked)).first()
        rows = rows.filter(account=account) if account else rows.none()
    listing = Listing(
        request,
        rows,
        title="信息",
        columns=COLUMNS,
        filters=filters,
        order=("-published_at", "-pk"),
        empty="还没有信息：导入或采集以后显示在这里。",
    )
    return listing.respond("publishing/posts.html", {"account": account})


@door(get=doors.post_for)
def post(request: Request, found: Post) -> HttpResponse:
    """One post as it was seen. Its text is shown as text; pictures and links of elsewhere are never loaded."""
    roles = {"drafter": "拟稿人", "reviewer": "审核人", "signatory": "审签人", "proofreader": "编校人"}
    given = found.byline or {}
    byline = [(label, given[role]) for role, label in roles.items() if given.get(role)]
    hits = list(found.hits.order_by("start", "end"))
    context = {
        "post": found,
        "byline": byline,
        "pieces": mark(
            join_text(found.title, found.text),
            [(hit.start, hit.end, hit.suggest or CATEGORIES.get(hit.category, "")) for hit in hits],
        ),
        "hits": [
            (hit, mask_found(hit.rule, hit.text), CATEGORIES.get(hit.category, ""), SHELVES.get(hit.shelf, ""))
            for hit in hits
        ],
        "form": Post.FORM_LABELS.get(found.form, found.form),
        "masked": _masked(found),
        "reveal_address": reverse("reveal_post", args=[found.code]),
    }
    return render(request, "publishing/post.html", context)


def _masked(found: Post) -> list[Masked]:
    return read_masked({"text": join_text(found.title, found.text)})


@door(get=doors.post_for, to="reveal", methods=("POST",))
def reveal(request: Request, found: Post) -> HttpResponse:
    """One piece of personal data in a post, once, with a reason."""
    return answer(request, _masked(found), kind="post", number=found.code)


def mark(text: str, hits: list[tuple[int, int, str]]) -> list[tuple[str, str]]:
    """The text, personal data masked, as (piece, why): a piece that was hit says why.

    Of overlapping hits the first counts.
    """
    shown, place, pieces = mask(text), 0, []
    for start, end, why in sorted(hits):
        if place <= start < end <= len(shown):
            pieces += [(shown[place:start], ""), (shown[start:end], why or "命中")]
            place = end
    return [piece for piece in [*pieces, (shown[place:], "")] if piece[0]]


@door(see="posts", methods=("GET", "POST"))
def check_draft(request: Request) -> HttpResponse:
    """What an inspector would find in a draft, before it is posted. Nothing of it is kept."""
    text = request.POST.get("text", "")[:LONGEST_DRAFT].replace("\r\n", "\n").replace("\x00", "")
    today = request.now.astimezone(SHANGHAI).date()
    found = next(iter(current_screen().scan([text], today, allow=allowed_at(request.acting.unit_id, today))))
    context = {
        "text": text,
        "checked": bool(text.strip()),
        "pieces": mark(text, [(hit.start, hit.end, hit.suggest or CATEGORIES[hit.category]) for hit in found]),
        "hits": [(hit, CATEGORIES[hit.category], SHELVES[hit.shelf], mask(text)[hit.start : hit.end]) for hit in found],
        "longest": LONGEST_DRAFT,
    }
    return render(
        request, "publishing/draft_hits.html" if request.headers.get("HX-Request") else "publishing/draft.html", context
    )
