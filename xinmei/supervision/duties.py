"""What of findings waits for the person, and the accounts that will soon have been silent for two weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.rulebook import resolve_readings
from xinmei.packs.models import Demotion
from xinmei.pages.duties import MOST, Desk, Duty, Figure, Lapse, NextStep
from xinmei.people.doors import may, sees
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.people.rights import CITY_INSPECTION
from xinmei.supervision import queries
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import describe
from xinmei.supervision.models import Finding
from xinmei.supervision.news import ANSWER_FOR_OTHERS
from xinmei.supervision.questions.duties import questions_to_handle, words_waiting


def at_desk(acting: Acting, now: datetime) -> Desk:
    """What waits for the person, what waits on others, what changed, and what will lapse."""
    desk = Desk(lapsing=_lapsing(acting, now))
    findings = findings_visible_to(acting)
    if may(acting, "rectify"):
        desk.duties += _to_rectify(findings.filter(status="NOTIFIED", unit=acting.unit_id), now)
    if may(acting, "confirm"):
        desk.duties += _to_decide(acting, now)
    if may(acting, "ask_question"):
        desk.duties += _by_words(acting, now)
    if sees(acting, "findings_sent"):
        desk.waiting, desk.changes = _figures(acting, now)
    return desk


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For supervisors, inspectors and observers."""
    listed = reverse("findings")
    week = NextStep("看本周检查", "看清了多少，看不清的在哪里", reverse("week"), "去看检查", order=20)
    if acting.position in CITY_INSPECTION:
        return [week]
    if acting.position == Position.SUPERVISOR:
        late = f"{listed}?waiting=overdue"
        return [NextStep("看辖区逾期未整改的问题", "单位还没有整改，可提醒它们", late, "看名单", order=10), week]
    if acting.position == Position.OBSERVER:
        return [NextStep("看已反馈的问题", "本辖区各单位的问题和办理经过", listed, "去看问题", order=10)]
    return []


def _lapsing(acting: Acting, now: datetime) -> list[Lapse]:
    return [
        Lapse(
            one.name,
            one.get_platform_display(),
            one.unit.name,
            one.get_absolute_url(),
            one.last_update,
        )
        for one in queries.lapsing(acting, now)[:MOST]
    ]


def _to_rectify(findings: QuerySet[Finding], now: datetime) -> list[Duty]:
    duties = []
    first = findings.select_related("account", "unit").order_by("rectify_by")[:MOST]
    for one in describe(list(first)):
        finding = one.finding
        late = finding.rectify_by is not None and finding.rectify_by < now
        steps = deadlines.rectify_due(finding.confirmed_at, resolve_readings({})).steps if finding.confirmed_at else ()
        about = f"{finding.account or finding.unit} {one.subject}"
        duties.append(
            Duty(
                f"整改：{one.title}",
                about,
                f"{reverse('finding', args=[one.pk])}#act",
                "去整改",
                finding.rectify_by,
                steps,
                "red" if late else "amber",
                order=10,
            )
        )
    return duties


def _where_objected(acting: Acting, count: int) -> str:
    """The one finding with its form open, or the list of several."""
    if count > 1:
        return f"{reverse('findings')}?waiting=objected"
    found = findings_visible_to(acting).filter(queries.OBJECTED).first()
    return f"{reverse('finding', args=[found.pk])}?do=answer_objection#act" if found else reverse("findings")


def _to_decide(acting: Acting, now: datetime) -> list[Duty]:
    """For those who confirm: inspectors, and supervisors where the office has set it so. One query."""
    duties = []
    standing = findings_visible_to(acting).aggregate(
        vetoes=Count("pk", queries.VETOES & Q(status="SUSPECTED")),
        suspected=Count("pk", Q(status="SUSPECTED")),
        rectified=Count("pk", Q(status="RECTIFIED")),
        overdue=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)),
        contradicted=Count("pk", queries.CONTRADICTED),
        objections=Count("pk", queries.OBJECTED),
    )
    listed = reverse("findings")
    if standing["suspected"]:
        about = (
            f"其中单项否决 {standing['vetoes']} 个，排在最前"
            if standing["vetoes"]
            else "按轻重排好，一次一个，用键盘办"
        )
        colour = "red" if standing["vetoes"] else "amber"
        duties.append(
            Duty(
                f"确认疑似问题 {standing['suspected']} 个",
                about,
                reverse("queue"),
                "逐个确认",
                colour=colour,
                count=standing["suspected"],
                order=30,
            )
        )
    if may(acting, "recheck") and standing["rectified"]:
        duties.append(
            Duty(
                f"复查 {standing['rectified']} 个",
                "单位已报整改，看是否整改到位",
                f"{listed}?waiting=rectified",
                "去复查",
                count=standing["rectified"],
                order=30,
            )
        )
    if may(acting, "decide_objection") and standing["objections"]:
        duties.append(
            Duty(
                f"答复申诉 {standing['objections']} 件",
                "单位对认定有异议",
                _where_objected(acting, standing["objections"]),
                "去答复",
                colour="amber",
                count=standing["objections"],
                order=30,
            )
        )
    # Who answers for others has the overdue ones above the desk, each with what helps (`news.py`).
    if standing["overdue"] and acting.position not in ANSWER_FOR_OTHERS:
        duties.append(
            Duty(
                f"催办逾期 {standing['overdue']} 个",
                "超过1个工作日没有整改",
                f"{listed}?waiting=overdue",
                "看名单",
                colour="red",
                count=standing["overdue"],
                order=30,
            )
        )
    if standing["contradicted"]:
        duties.append(
            Duty(
                f"重新核实 {standing['contradicted']} 个",
                "后到的事实与已认定的不符",
                f"{listed}?waiting=contradicted",
                "去核实",
                colour="amber",
                count=standing["contradicted"],
                order=30,
            )
        )
    return duties


def _by_words(acting: Acting, now: datetime) -> list[Duty]:
    """Test questions, and demotions of rules that somebody else proposed: 「releases by two persons」. One query."""
    rows = words_waiting(acting, now)
    if may(acting, "release_rules"):
        proposed = Demotion.objects.filter(state=Demotion.State.WAITING).exclude(proposed_by=acting.login)
        told = proposed.order_by().annotate(word=Value("demotion", output_field=CharField()))
        rows = rows.union(told.values_list("word"), all=True)  # type: ignore[arg-type]
    words = [word for (word,) in rows]
    duties = questions_to_handle(words)
    if waiting := words.count("demotion"):
        about, address = "常被否定的规则，由另一人批准", f"{reverse('drills')}#demotion"
        duties.append(Duty(f"批准规则降档 {waiting} 条", about, address, "去看", count=waiting, order=81))
    return duties


def _figures(acting: Acting, now: datetime) -> tuple[list[Figure], list[Figure]]:
    """What waits on others, and what changed in the last day, each with its list."""
    since = now - timedelta(days=1)
    counts = findings_visible_to(acting).aggregate(
        notified=Count("pk", Q(status="NOTIFIED")),
        overdue=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)),
        rectified=Count("pk", Q(status="RECTIFIED")),
        **{what: Count("pk", Q(**{f"{moment}__gt": since})) for what, moment in queries.LAST_DAY.items()},
    )
    listed = reverse("findings")
    waiting = [
        Figure("等单位整改", counts["notified"], f"{listed}?waiting=notified"),
        Figure("其中已逾期", counts["overdue"], f"{listed}?waiting=overdue"),
        Figure("等检查员复查", counts["rectified"], f"{listed}?waiting=rectified"),
    ]
    changes = [
        Figure("新反馈", counts["newly_sent"], f"{listed}?waiting=newly_sent"),
        Figure("新报整改", counts["newly_cured"], f"{listed}?waiting=newly_cured"),
        Figure("新办结", counts["newly_closed"], f"{listed}?waiting=newly_closed"),
    ]
    return waiting, changes
