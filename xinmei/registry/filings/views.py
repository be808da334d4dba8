"""The list of filings, the page of one, and the public page of announcements."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from xinmei.core.filings import filing_path
from xinmei.files.keeping import load
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.shared import shared
from xinmei.people.doors import day_of
from xinmei.people.events import PUBLIC
from xinmei.people.guard import Request, door, public
from xinmei.registry.doors import sees_contact
from xinmei.registry.filings.announcing import ITEMS
from xinmei.registry.filings.doors import announcements_visible_to, filing_for, filings_visible_to
from xinmei.registry.filings.judging import profile_of, value_of
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.queries import look_before, name_of, standing_of, terms_of, waiting_for
from xinmei.registry.filings.rising import risen_to
from xinmei.registry.models import Account

LISTED = ("unit", "account", "receiver", "supervisor", "reviewing_office")
COLUMNS = (
    Column("filing", "备案", name_of, "registry/filings/cell.html", wide=True),
    Column("unit", "主办单位", lambda row: row.unit.name, sort="unit__path"),
    Column("state", "状态", lambda row: row.get_state_display(), "registry/filings/state.html", sort="state"),
    Column("holder", "归谁办", lambda row: standing_of(row).holder),
    Column("since", "自何时起", lambda row: row.waiting_since, sort="waiting_since"),
    Column("next", "下一步", lambda row: standing_of(row).next),
    Column("by", "期限", lambda row: row.step_due_at, "registry/filings/by.html", sort="step_due_at"),
    Column("not_before", "最早", lambda row: standing_of(row).not_before),
)


def _filters(request: Request) -> Sequence[Filter]:
    waits = [("mine", "等我办"), ("risen", "逾期报来的"), ("under_way", "正在办理"), ("done", "已办结")]
    return (
        Filter("waiting", "办到哪一步", lambda rows, value: _by_waiting(rows, value, request), waits, chips=True),
        Filter("matter", "事项", lambda rows, value: rows.filter(matter=value), Filing.Matter.choices),
        Filter("state", "状态", lambda rows, value: rows.filter(state=value), Filing.State.choices),
        Filter(
            "q",
            "单位、账号",
            lambda rows, value: rows.filter(
                Q(unit__name__icontains=value) | Q(account__name__icontains=value) | Q(profile__name__icontains=value)
            ),
        ),
    )


def _by_waiting(rows: QuerySet[Filing], value: str, request: Request) -> QuerySet[Filing]:
    if value == "mine":
        return rows.filter(pk__in=waiting_for(request.acting, request.now).values("pk"))
    if value == "risen":
        return rows.filter(pk__in=risen_to(request.acting, request.now).values("pk"))
    return rows.filter(state__in=filing_path().under_way() if value == "under_way" else ("DONE",))


@door(see="register_contact")
def listed(request: Request) -> HttpResponse:
    """The filings within reach, those that moved last first."""
    listing = Listing(
        request,
        filings_visible_to(request.acting).select_related(*LISTED),
        title="备案",
        columns=COLUMNS,
        filters=_filters(request),
        order=("-waiting_since", "-pk"),
        empty="没有备案。开设、变更、关停、注销账号，先在这里拟写，由单位管理员报送。",
        counter="件",
    )
    return listing.respond("registry/filings/listed.html", {"matters": Filing.Matter.choices, "now": request.now})


@door(get=filing_for)
def one(request: Request, filing: Filing) -> HttpResponse:
    """Where a filing stands, who has it since when, what comes next by when; what is asked; what can be done."""
    context = {
        "filing": filing,
        "name": name_of(filing),
        "standing": standing_of(filing),
        "terms": terms_of(filing, request.now),
        "seen": look_before(filing, request.now),
        "asked": _what_is_asked(filing),
        "steps": filing.steps.all(),
        "announcements": filing.announcements.all(),
        "now": request.now,
        "may_plan": filing.account is not None
        and filing.matter in (Filing.Matter.SHUT_DOWN, Filing.Matter.DEREGISTER)
        and sees_contact(request.acting, filing.account),
    }
    return render(request, "registry/filings/filing.html", context)


def _what_is_asked(filing: Filing) -> list[tuple[str, str, str]]:
    """Each item: its label, what stands in the register, what is asked."""
    if filing.matter == Filing.Matter.OPEN:
        labels = {"platform": "平台", **ITEMS}
        return [(labels[item], "", _said(item, value)) for item, value in (profile_of(filing) or {}).items() if value]
    account, changes = filing.account, filing.changes or {}
    if account is None:
        return []
    return [(ITEMS[item], _said(item, value_of(account, item)), _said(item, value)) for item, value in changes.items()]


def _said(item: str, value: str) -> str:
    """A value in words."""
    words = {"platform": dict(Account.Platform.choices), "kind": Account.KIND_LABELS}
    return str(words.get(item, {}).get(value, value))


@door(get=filing_for)
def consent(request: Request, filing: Filing) -> HttpResponse:
    """The file by which the unit consented."""
    if filing.consent_file_id is None:
        raise Http404
    return _send(filing.consent_file_id, filing.consent_file_name)


@door(get=filing_for)
def announcement_file(request: Request, filing: Filing, number: str) -> HttpResponse:
    """The file that was attached to an announcement."""
    found = filing.announcements.filter(pk=number, file__isnull=False).first() if number.isdigit() else None
    if found is None or found.file_id is None:
        raise Http404
    return _send(found.file_id, found.file_name)


def _send(digest: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name or '附件')}"}
    return HttpResponse(load(digest), content_type="application/octet-stream", headers=headers)


@public
@shared
def announcements(request: Request) -> HttpResponse:
    """What stands announced, for everybody; what was ended is marked so."""
    today = day_of(request.now)
    rows = announcements_visible_to(PUBLIC).filter(on__lte=today).select_related("unit", "account")[:200]
    return render(request, "registry/filings/announcements.html", {"rows": rows, "today": today})
