"""问题: the list, the page of one, and what a person does to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.rulebook import resolve_readings
from xinmei.notices.forwarding import receiver_of
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may, sees
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.people.labels import verb as name_verb
from xinmei.people.models import Position
from xinmei.people.reach import reach_q
from xinmei.publishing.models import Post, join_text
from xinmei.registry.models import Account
from xinmei.supervision import doors, queries
from xinmei.supervision.costs import cost_in_year
from xinmei.supervision.following import PARTS
from xinmei.supervision.labels import STEPS, Said, criterion_choices, describe
from xinmei.supervision.models import Finding, Step
from xinmei.supervision.narrowing import below, by_text, narrow
from xinmei.supervision.news import REMINDS_OF_FINDING
from xinmei.supervision.showing import PICTURES, show, shown_text
from xinmei.supervision.views.evidence import masked_in
from xinmei.units.history import name_on
from xinmei.units.models import Unit

Status = Finding.Status
POSITIONS = dict(Position.choices)
URGENT = Case(
    When(status="NOTIFIED", then=Value(0)),
    When(status="SUSPECTED", then=Value(1)),
    When(status="RECTIFIED", then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)
WAITING = (
    ("news", "近期确认和未办结"),
    ("suspected", "待确认"),
    ("notified", "待整改"),
    ("overdue", "已逾期"),
    ("rectified", "待复查"),
    ("confirmed", "系统记录"),
    ("closed", "已办结"),
    ("dismissed", "不予认定"),
    ("objected", "申诉待答复"),
    ("contradicted", "与后到事实矛盾"),
    ("newly_sent", "一天内新反馈"),
    ("newly_cured", "一天内新报整改"),
    ("newly_closed", "一天内新办结"),
)
COLUMNS = (
    Column(
        "title",
        "问题",
        lambda row: f"{row.title} {row.subject}".strip(),
        "supervision/cells/finding.html",
        sort="criterion",
        wide=True,
    ),
    Column(
        "account",
        "账号",
        lambda row: row.finding.account.name if row.finding.account else "（单位）",
        "supervision/cells/account.html",
        sort="account__name",
    ),
    Column("unit", "主办单位", lambda row: row.finding.unit.name, sort="unit__path"),
    Column(
        "status", "状态", lambda row: row.finding.get_status_display(), "supervision/cells/status.html", sort="status"
    ),
    Column("observed", "监测时间点", lambda row: row.finding.observed_at, sort="observed_at"),
    Column("due", "整改期限", lambda row: row.finding.rectify_by, "supervision/cells/due.html", sort="rectify_by"),
)


def _by_waiting(rows: QuerySet[Finding], value: str, now: datetime) -> QuerySet[Finding]:
    if value == "overdue":
        return queries.overdue(rows, now)
    if value == "news":
        return queries.in_the_news(rows, now)
    if value in queries.LAST_DAY:
        return queries.of_the_last_day(rows, value, now)
    if value == "objected":
        return rows.filter(queries.OBJECTED)
    if value == "contradicted":
        return rows.filter(queries.CONTRADICTED)
    return rows.filter(status=value.upper())


def _by_criterion(rows: QuerySet[Finding], value: str) -> QuerySet[Finding]:
    set_, _, criterion = value.partition("/")
    return rows.filter(set=set_, criterion=criterion)


def _filters(acting: Acting, now: datetime) -> Sequence[Filter]:
    hidden = set() if sees(acting, "findings_unsent") else {"suspected"}
    areas = Unit.objects.filter(
        reach_q(acting, "S" if not may(acting, "inspect") else "C", "pk"), kind__in=["county", "zone", "department"]
    )
    return (
        Filter(
            "waiting",
            "办到哪一步",
            lambda rows, value: _by_waiting(rows, value, now),
            [pair for pair in WAITING if pair[0] not in hidden],
            chips=True,
        ),
        Filter("criterion", "问题种类", _by_criterion, criterion_choices()),
        Filter("platform", "平台", lambda rows, value: rows.filter(account__platform=value), Account.Platform.choices),
        Filter("below", "地区、部门", below, [(str(pk), name) for pk, name in areas.values_list("pk", "name")]),
        Filter("q", "账号、单位、编号", by_text),
    )


def _to_choose(acting: Acting, waiting: str) -> list[tuple[str, str]]:
    """What can be done to several of these at once, one act each: reminding, and where they are overdue 督办."""
    if waiting not in ("notified", "overdue"):
        return []
    acts = [("order.issue:finding", "发出督办")] if waiting == "overdue" and may(acting, "issue_order") else []
    return [*acts, *([REMINDS_OF_FINDING] if may(acting, "remind") else [])]


@door(see="findings_sent")
def listed(request: Request) -> HttpResponse:
    """The ledger within reach."""
    acting = request.acting
    choosing = _to_choose(acting, request.GET.get("waiting", ""))
    rows, said = narrow(request.GET, doors.findings_visible_to(acting).select_related("account", "unit"), request.now)
    listing = Listing(
        request,
        rows.alias(urgent=URGENT),
        title="问题",
        columns=COLUMNS,
        filters=_filters(acting, request.now),
        order=("urgent", "rectify_by", "-id"),
        decorate=lambda found: describe(found, texts=sees(acting, "messages")),
        selectable=bool(choosing) or (may(acting, "confirm") and request.GET.get("waiting") == "suspected"),
        empty="还没有问题：没有做过检查，或者检查没有发现问题。",
        counter="个",
    )
    return listing.respond(
        "supervision/findings.html",
        {
            "said": said,
            "now": request.now,
            "choosing": choosing,
            "may_confirm": may(acting, "confirm"),
            "may_allow": may(acting, "allow_for_unit"),
        },
    )


def _cures(history: Sequence[Step]) -> list[tuple[Step, bool]]:
    """The rectifications, each with whether its evidence is a picture."""
    return [
        (step, bool(step.evidence and step.evidence.media_type in PICTURES))
        for step in history
        if step.verb == "rectify"
    ]


def _steps_of_term(finding: Finding) -> deadlines.Deadline | None:
    """The term as it is counted today; shown only where it is still the one that was set."""
    if finding.rectify_by is None or finding.confirmed_at is None:
        return None
    term = deadlines.rectify_due(finding.confirmed_at, resolve_readings({}))
    return term if term.due_at == finding.rectify_by else None


@door(get=doors.finding_for)
def finding(request: Request, found: Finding) -> HttpResponse:
    """One finding: what, when, why, by when, and what I can do."""
    acting = request.acting
    texts = sees(acting, "messages")
    said = describe([found], texts=texts)[0]
    history = list(found.history.select_related("evidence").order_by("id"))
    context = {
        "said": said,
        "finding": found,
        "shown": show(found.evidence, texts=texts),
        "sees_texts": texts,
        **_as_it_is_now(found, said),
        "history": [
            (step, STEPS.get(step.verb) or name_verb(step.verb), POSITIONS.get(step.position, "")) for step in history
        ],
        "objections": list(found.objections.all()),
        "cures": _cures(history),
        "term": _steps_of_term(found),
        "instead": _went_elsewhere(found, request.now),
        "name_then": name_on(found.unit, found.fault_on),
        "annual": cost_in_year(found),
        "alike": queries.alike(acting, found),
        "further": PARTS,
        "now": request.now,
        "masked": masked_in(acting, found),
        "may_reveal_here": may(acting, "reveal") and texts,
        "reveal_address": reverse("reveal_finding", args=[found.pk]),
    }
    return render(request, "supervision/finding.html", context)


def _went_elsewhere(finding: Finding, now: datetime) -> str:
    """Who hears of it, where nobody holds a position at the unit; "" where somebody does."""
    waits = finding.status in (Status.NOTIFIED, Status.RECTIFIED)
    return receiver_of(finding.unit, now).said if waits else ""


def _as_it_is_now(finding: Finding, said: Said) -> dict[str, Any]:
    """The post of the finding as it stands today, and whether its words have changed since it was seen."""
    post = Post.objects.filter(pk=said.post.pk).first() if said.post else None
    if post is None:
        return {"post": None}
    text = join_text(post.title, post.text)
    return {"post": post, "text_now": text, "changed": text != shown_text(finding.evidence)}
