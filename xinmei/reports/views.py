"""通报: the list, the paper as a page, the rows behind a figure, the files; drafting and issuing."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xinmei.core.calendar import SHANGHAI
from xinmei.listings import Column, Filter, Listing
from xinmei.people.doors import may
from xinmei.people.guard import Request, door, public
from xinmei.reports import actions, doors, queries
from xinmei.reports.agreement import Disagreement
from xinmei.reports.figures import NothingToReport
from xinmei.reports.fonts import NoChineseFont
from xinmei.reports.forms import DraftForm, IssueForm
from xinmei.reports.glyphs import warn_of_missing
from xinmei.reports.models import Bulletin
from xinmei.reports.paper import HEADER, read_paper
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
    return _list(request, None)


def _list(request: Request, form: DraftForm | None) -> HttpResponse:
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
    if may_draft and form is None:
        form = DraftForm(initial={"period": _last_quarter(request)})
    answer = listing.respond("reports/list.html", {"form": form, "may_draft": may_draft, "frame": _frame(request)})
    if form is not None and form.errors:
        answer.status_code = 422
    return answer


def _frame(request: Request) -> str:
    """The layout. The public has no other rooms to go to."""
    return "desk/base.html" if request.acting.login else "desk/blank.html"


def _last_quarter(request: Request) -> str:
    today = request.now.astimezone(SHANGHAI).date()
    day = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1) - timedelta(days=1)
    return f"{day.year}Q{day.month // 3}"


@public
def paper(request: Request, pk: str) -> HttpResponse:
    """The paper itself, with its figures as links. The public sees it without its annex."""
    return _page(request, doors.public_bulletin_for(request.acting, pk), IssueForm())


def _page(request: Request, bulletin: Bulletin, form: IssueForm) -> HttpResponse:
    acting = request.acting
    shown = queries.paper_of(bulletin)
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
        "whole": doors.sees_whole(acting),
        "versions": versions[:20],
        "form": form,
        "may_draft": may(acting, "draft_paper"),
        "may_issue": may(acting, "issue_paper") and bulletin.status == Bulletin.Status.DRAFT,
    }
    return render(request, "reports/paper.html", context, status=422 if form.errors else 200)


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
    data = bytes(bulletin.docx if kind == "docx" else bulletin.pdf)
    return HttpResponse(
        data, content_type=TYPES[kind], headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )


def _warn(request: Request, bulletin: Bulletin) -> None:
    bulletin.refresh_from_db()
    if warning := warn_of_missing(read_paper(bulletin.paper)):
        messages.warning(request, f"{warning}。")


@door(do="draft_paper", methods=("POST",))
def draft(request: Request) -> HttpResponse:
    """Drafts the paper of a period, or a correction of an issued one."""
    acting, at = request.acting, request.now
    form = DraftForm(request.POST)
    if form.is_valid():
        supersedes = doors.bulletin_for(acting, request.POST["supersedes"]) if request.POST.get("supersedes") else None
        try:
            bulletin = actions.draft_bulletin(form.cleaned_data["period"], by=acting, at=at, supersedes=supersedes)
        except (NothingToReport, Disagreement, NoChineseFont, actions.StepRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已起草，数据一致性通过 {bulletin.passed} 项。")
            _warn(request, bulletin)
            return redirect("bulletin", pk=bulletin.pk)
    return _list(request, form)


@door(get=doors.bulletin_for, to="issue_paper", methods=("POST",))
def issue(request: Request, bulletin: Bulletin) -> HttpResponse:
    """Issues a draft."""
    form = IssueForm(request.POST)
    if form.is_valid():
        try:
            actions.issue_bulletin(bulletin.pk, by=request.acting, at=request.now, number=form.cleaned_data["number"])
        except (NothingToReport, Disagreement, NoChineseFont, actions.StepRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已印发。正文、附件、数据和文件从此不变。")
            _warn(request, bulletin)
            return redirect("bulletin", pk=bulletin.pk)
    return _page(request, bulletin, form)
