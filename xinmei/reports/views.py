"""通报: the list, the paper as a page, the rows behind a figure, the files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xinmei.acts.offers import offers_for
from xinmei.files.keeping import load
from xinmei.files.serving import answer_with
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.shared import shared
from xinmei.people.doors import may
from xinmei.people.events import PUBLIC
from xinmei.people.guard import Request, door, public
from xinmei.reports import doors, queries
from xinmei.reports.forms import IssueFields
from xinmei.reports.glyphs import warn_of_missing
from xinmei.reports.models import Bulletin
from xinmei.reports.paper import HEADER, read_paper
from xinmei.reports.verbs import ISSUE
from xinmei.reports.word import break_title

TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}
COLUMNS = (
    Column("title", "通报", lambda row: row.title, "reports/cells/title.html", sort="title", wide=True),
    Column("number", "发文字号", lambda row: row.number or None, sort="number"),
    Column("status", "状态", lambda row: row.get_status_display(), "reports/cells/status.html", sort="status"),
    Column("as_of", "数据截至", lambda row: row.as_of, sort="as_of"),
    Column("passed", "数据一致性", lambda row: f"通过 {row.passed} 项"),
    Column("issued", "印发时间", lambda row: row.issued_at, sort="issued_at"),
)


@public
def listed(request: Request) -> HttpResponse:
    """The papers: issued ones for all, drafts for those who may draft."""
    acting = request.acting
    may_draft = may(acting, "draft_paper")
    filters = (
        (Filter("status", "状态", lambda rows, value: rows.filter(status=value), Bulletin.Status.choices, chips=True),)
        if may_draft
        else ()
    )
    rows = doors.bulletins_visible_to(acting).defer(*doors.HEAVY)
    empty = "还没有通报：选好期次，点“起草”。" if may_draft else "还没有印发过通报。"
    listing = Listing(
        request, rows, title="通报", columns=COLUMNS, filters=filters, order=("-made_at", "-pk"), empty=empty
    )
    return listing.respond("reports/list.html", {"may_draft": may_draft, "frame": _frame(request)})


@public
@shared
def issued(request: Request) -> HttpResponse:
    """All issued papers on one page, the latest first; the same for everybody."""
    rows = doors.bulletins_visible_to(PUBLIC).defer(*doors.HEAVY).order_by("-issued_at", "-pk")
    return render(request, "reports/issued.html", {"rows": rows})


def _frame(request: Request) -> str:
    """The layout. The public has no other rooms to go to."""
    return "pages/base.html" if request.acting.login else "pages/blank.html"


@public
def paper(request: Request, pk: str) -> HttpResponse:
    """The paper itself, with its figures as links. The public sees it without its annex."""
    acting = request.acting
    bulletin = doors.public_bulletin_for(acting, pk)
    shown, whole = queries.paper_of(bulletin), doors.sees_whole(acting)
    versions = (
        doors.bulletins_visible_to(acting)
        .filter(period=bulletin.period)
        .defer(*doors.HEAVY)
        .order_by("-made_at", "-pk")
    )
    context = {
        "frame": _frame(request),
        "bulletin": bulletin,
        "paper": shown,
        "title_lines": break_title(shown.title),
        "header": HEADER,
        "whole": whole,
        "warning": warn_of_missing(read_paper(bulletin.paper)) if whole and bulletin.status == "DRAFT" else "",
        "versions": versions[:20],
        "may_issue": may(acting, "issue_paper"),
        "may_redraft": may(acting, "draft_paper") and bulletin.status == Bulletin.Status.DRAFT,
    }
    return render(request, "reports/paper.html", context)


@door(get=doors.bulletin_for)
def sealed(request: Request, bulletin: Bulletin) -> HttpResponse:
    """A draft as it would be issued under a number: looked at first, then issued by whoever may."""
    if bulletin.status != Bulletin.Status.DRAFT:
        return redirect("bulletin", bulletin.pk)
    attempt = getattr(request, "attempt", None)
    is_asked = "issue-number_0" in request.GET
    about: dict[str, Any] = {"prefix": ISSUE.word, "acting": request.acting, "on": bulletin, "at": request.now}
    form = attempt.form if attempt else IssueFields(request.GET if is_asked else None, **about)
    shown = queries.seal_draft(bulletin, form, request.now) if attempt or is_asked else None
    offered = offers_for(request, bulletin, ISSUE.name) if shown else None
    for offer in offered.offers if offered else ():
        if isinstance(offer.form, IssueFields):
            offer.form.fix(form)
    issued = doors.bulletins_visible_to(request.acting).exclude(number="").order_by("-issued_at")
    context = {
        "bulletin": bulletin,
        "form": form,
        "shown": shown,
        "offered": offered,
        "last": issued.values_list("number", flat=True).first(),
        "header": HEADER,
        "whole": True,
        "title_lines": break_title(bulletin.title),
    }
    return render(request, "reports/sealed.html", context)


@door(get=doors.bulletin_for)
def figure(request: Request, bulletin: Bulletin, key: str) -> HttpResponse:
    """The rows behind a figure, as they were when the paper was made."""
    behind = queries.rows_behind(request.acting, bulletin, key)
    if behind is None:
        raise Http404
    return render(request, "reports/figure.html", {"bulletin": bulletin, "behind": behind, "header": HEADER})


@door(get=doors.bulletin_for)
def file(request: Request, bulletin: Bulletin, kind: str) -> HttpResponse:
    """The .docx or .pdf, byte for byte as it was made."""
    if kind not in TYPES:
        raise Http404
    name = quote(f"{bulletin.title}{'' if bulletin.status == Bulletin.Status.ISSUED else '（草稿）'}.{kind}")
    sha256 = bulletin.docx_id if kind == "docx" else bulletin.pdf_id
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return answer_with(request, lambda: load(sha256), content_type=TYPES[kind], headers=headers)
