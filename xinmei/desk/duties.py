"""What waits for the holder of a post: the duties of the day, what waits on others, what will lapse, what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import readings, resolve_readings
from xinmei.desk.queries import unanswered
from xinmei.interaction.doors import messages_visible_to
from xinmei.interaction.models import Patrol
from xinmei.interaction.patrols import accounts_to_patrol, half_of
from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.doors import may, sees
from xinmei.people.events import Acting
from xinmei.people.models import PositionProposal
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import waiting_for
from xinmei.supervision import queries
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import describe, shorten
from xinmei.supervision.models import Finding
from xinmei.urging.doors import orders_visible_to

MOST = 8


@dataclass(frozen=True)
class Duty:
    """One thing to do: what, about what, the button, and by when with the steps that show why. `colour`: red, amber or blue."""

    title: str
    about: str
    address: str
    button: str
    due_at: datetime | None = None
    steps: tuple[str, ...] = ()
    colour: str = "blue"
    count: int = 1


@dataclass
class Desk:
    """The desk of one post."""

    duties: list[Duty] = field(default_factory=list)
    waiting: list[tuple[str, int, str]] = field(default_factory=list)
    lapsing: list[Account] = field(default_factory=list)
    changes: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def first_due(self) -> datetime | None:
        """The most urgent moment."""
        return min((duty.due_at for duty in self.duties if duty.due_at), default=None)

    @property
    def total(self) -> int:
        """How many things wait."""
        return sum(duty.count for duty in self.duties)


def duties_of(acting: Acting, now: datetime) -> Desk:
    """The desk of the post that acts. Who holds none finds it empty."""
    desk = Desk()
    findings = findings_visible_to(acting)
    if may(acting, "rectify"):
        desk.duties += _to_rectify(findings.filter(status="NOTIFIED", unit=acting.unit_id), now)
    if may(acting, "answer"):
        desk.duties += _to_answer(acting, now)
    if may(acting, "confirm"):
        desk.duties += _to_decide(acting, now)
    if may(acting, "object") and not may(acting, "rectify"):
        desk.duties += _to_watch(findings, now)
    desk.duties += _orders(acting, now)
    if may(acting, "change_reading"):
        desk.duties += _to_approve(acting)
    if may(acting, "approve_posts"):
        desk.duties += _to_give()
    if may(acting, "release_rules"):
        desk.duties += _to_release(acting)
    desk.duties.sort(
        key=lambda duty: (["red", "amber", "blue"].index(duty.colour), duty.due_at is None, duty.due_at or now)
    )
    if sees(acting, "findings_sent"):
        desk.waiting, desk.changes = _counts(acting, now)
    desk.lapsing = list(queries.lapsing(acting, now)[:MOST])
    return desk


def _orders(acting: Acting, now: datetime) -> list[Duty]:
    """督办: for the unit what is open (for its leader what is overdue), for the inspectors what was answered. One query."""
    visible = orders_visible_to(acting)
    open_, listed = Q(status="OPEN"), reverse("orders")
    counts = visible.aggregate(
        open=Count("pk", open_),
        overdue=Count("pk", open_ & Q(due_at__lt=now)),
        answered=Count("pk", Q(status="ANSWERED")),
        first=Min("due_at", filter=open_),
    )
    duties = []
    waiting, chip = (counts["open"], "open") if may(acting, "rectify") else (counts["overdue"], "overdue")
    if may(acting, "answer_order") and waiting:
        late = f"其中逾期 {counts['overdue']} 件" if counts["overdue"] else "逾期将提醒分管领导"
        colour = "red" if counts["overdue"] else "amber"
        duties.append(
            Duty(
                f"办理督办 {waiting} 件",
                late,
                f"{listed}?waiting={chip}",
                "去办理",
                counts["first"],
                colour=colour,
                count=waiting,
            )
        )
    if may(acting, "decide_order") and counts["answered"]:
        about = "单位已答复，看是否办到"
        duties.append(
            Duty(
                f"核对督办 {counts['answered']} 件",
                about,
                f"{listed}?waiting=answered",
                "去核对",
                count=counts["answered"],
            )
        )
    return duties


def _to_rectify(findings: Iterable[Finding], now: datetime) -> list[Duty]:
    duties = []
    for one in describe(list(findings.select_related("account", "unit").order_by("rectify_by")[:MOST])):  # type: ignore[attr-defined]
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
            )
        )
    return duties


def _to_answer(acting: Acting, now: datetime) -> list[Duty]:
    duties = _to_patrol(acting, now)
    for one in unanswered(messages_visible_to(acting).filter(account__unit=acting.unit_id), now, MOST):
        late = one.deadline.due_at < now
        address = f"{reverse('message', args=[one.message.code])}#act"
        duties.append(
            Duty(
                "答复留言",
                f"{one.message.account}：{shorten(one.message.text)}",
                address,
                "去答复",
                one.deadline.due_at,
                one.deadline.steps,
                "red" if late else "amber",
            )
        )
    return duties


def _to_approve(acting: Acting) -> list[Duty]:
    """Changes of readings that somebody else proposed: 「by two persons」. One query."""
    waiting = waiting_for(acting)
    return [
        Duty(
            f"批准解释口径的变更：{readings()[one.name].title}",
            f"{one.proposed_name}提出",
            f"{reverse('reading', args=[one.name])}#act",
            "去看",
        )
        for one in waiting
    ]


def _to_give() -> list[Duty]:
    """Posts that the system administrator proposed. One query."""
    waiting = PositionProposal.objects.filter(state=PositionProposal.State.WAITING).count()
    return (
        [Duty(f"批准岗位变动 {waiting} 项", "系统管理员提出", reverse("staff_proposals"), "去批准", count=waiting)]
        if waiting
        else []
    )


def _to_release(acting: Acting) -> list[Duty]:
    """Own entries that were tried and demotions that were proposed, by somebody else: 「releases by two persons」. Two queries."""
    entries = OwnEntry.objects.filter(state=OwnEntry.State.TRIED).exclude(drafted_by=acting.login).count()
    demotions = Demotion.objects.filter(state=Demotion.State.WAITING).exclude(proposed_by=acting.login).count()
    duties = []
    if entries:
        duties.append(
            Duty(
                f"发布词条 {entries} 条",
                "已试跑，由另一位检查负责人发布",
                f"{reverse('entries')}?state=tried",
                "去看",
                count=entries,
            )
        )
    if demotions:
        duties.append(
            Duty(
                f"批准规则降档 {demotions} 条",
                "常被否定的规则，由另一人批准",
                f"{reverse('drills')}#demotion",
                "去看",
                count=demotions,
            )
        )
    return duties


def _to_patrol(acting: Acting, now: datetime) -> list[Duty]:
    """「每个工作日上、下午分别主动查看公众咨询留言情况」"""
    left = accounts_to_patrol(acting, now)
    if not left:
        return []
    half = half_of(now)
    moment = now.astimezone(SHANGHAI)
    noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
    until = noon if half == Patrol.Half.AM else noon + timedelta(hours=12)
    named = "、".join(f"{account.name}（{account.get_platform_display()}）" for account in left[:3])
    about = f"{named}等 {len(left)} 个账号" if len(left) > 3 else named
    return [Duty(f"今天{half.label}还没有值守巡查", about, f"{reverse('patrols')}#make", "去登记", until)]


def _to_decide(acting: Acting, now: datetime) -> list[Duty]:
    """For those who confirm: inspectors, and supervisors where the office has set it so. One query."""
    duties = []
    standing = findings_visible_to(acting).aggregate(
        vetoes=Count("pk", queries.VETOES & Q(status="SUSPECTED")),
        suspected=Count("pk", Q(status="SUSPECTED")),
        rectified=Count("pk", Q(status="RECTIFIED")),
        overdue=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)),
        contradicted=Count("pk", Q(contradicted=True) & ~Q(status="DISMISSED")),
        objections=Count("pk", Q(objections__isnull=False, objections__decided_at__isnull=True)),
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
            )
        )
    if may(acting, "decide_objection") and standing["objections"]:
        duties.append(
            Duty(
                f"答复申诉 {standing['objections']} 件",
                "单位对认定有异议",
                f"{listed}?waiting=objected",
                "去答复",
                colour="amber",
                count=standing["objections"],
            )
        )
    if standing["overdue"]:
        duties.append(
            Duty(
                f"催办逾期 {standing['overdue']} 个",
                "超过1个工作日没有整改",
                f"{listed}?waiting=overdue",
                "看名单",
                colour="red",
                count=standing["overdue"],
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
            )
        )
    return duties


def _to_watch(findings: Iterable[Finding], now: datetime) -> list[Duty]:
    late = queries.overdue(findings, now).count()  # type: ignore[arg-type]
    if not late:
        return []
    return [
        Duty(
            f"督促整改 {late} 个",
            "本单位的问题已超过整改期限",
            f"{reverse('findings')}?waiting=overdue",
            "看名单",
            colour="red",
            count=late,
        )
    ]


def _counts(acting: Acting, now: datetime) -> tuple[list[tuple[str, int, str]], list[tuple[str, int, str]]]:
    """What waits on others, and what changed in the last day, each with its list."""
    since = now - timedelta(days=1)
    counts = findings_visible_to(acting).aggregate(
        notified=Count("pk", Q(status="NOTIFIED")),
        overdue=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)),
        rectified=Count("pk", Q(status="RECTIFIED")),
        sent=Count("pk", Q(confirmed_at__gt=since)),
        cured=Count("pk", Q(rectified_at__gt=since)),
        closed=Count("pk", Q(closed_at__gt=since)),
    )
    listed = reverse("findings")
    waiting = [
        ("等单位整改", counts["notified"], f"{listed}?waiting=notified"),
        ("其中已逾期", counts["overdue"], f"{listed}?waiting=overdue"),
        ("等检查员复查", counts["rectified"], f"{listed}?waiting=rectified"),
    ]
    changes = [
        ("新反馈", counts["sent"], f"{listed}?waiting=notified&sort=-observed"),
        ("新报整改", counts["cured"], f"{listed}?waiting=rectified"),
        ("新办结", counts["closed"], f"{listed}?waiting=closed"),
    ]
    return waiting, changes
