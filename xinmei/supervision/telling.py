"""What the acts on findings tell to whom: one notice a unit and act, however many findings it moves.

What was confirmed is told to the leader too, and a veto to whoever supervises the unit.

Words of messages are in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from xinmei.core.calendar import SHANGHAI, WEEKDAYS
from xinmei.core.rulebook import points_for_late_rectification
from xinmei.notices.actions import tell
from xinmei.notices.forwarding import Receiver, receiver_of, supervisors_above
from xinmei.notices.models import Notice
from xinmei.people.doors import day_of
from xinmei.supervision.costs import say_cost
from xinmei.supervision.labels import criterion_of
from xinmei.supervision.models import Finding, Objection

Kind, Audience = Notice.Kind, Notice.Audience
MOST_LINES = 10
MOST_THINGS = 50  # cards of one message
# The steps that the unit hears of, by what the notice is about.
_TOLD = {"confirm": Kind.SENT, "dismiss": Kind.DISMISSED, "recheck_not_cured": Kind.RETURNED}


def say_due(due_at: datetime) -> str:
    """「5月12日 周二 24:00 前」 in Shanghai; 00:00 is said as 24:00 of the day before."""
    at = due_at.astimezone(SHANGHAI)
    day = at.date() if at.hour or at.minute or at.second else at.date() - timedelta(days=1)
    clock = f"{at:%H:%M}" if day == at.date() else "24:00"
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]} {clock} 前"


def say_minute(moment: datetime) -> str:
    """「5月12日 10:00」 in Shanghai."""
    at = moment.astimezone(SHANGHAI)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def say_finding(finding: Finding) -> str:
    """「桃源之声（微信）：2周内无更新」."""
    of = f"{finding.account.name}（{finding.account.get_platform_display()}）" if finding.account else finding.unit.name
    return f"{of}：{criterion_of(finding).title}"


def say_list(lines: Sequence[str]) -> str:
    """A line each, the first ten, and how many there are besides."""
    more = [f"……共 {len(lines)} 件"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more])


def tell_step(verb: str, findings: Sequence[Finding], before: Sequence[str], at: datetime, note: str) -> None:
    """Tells the units concerned what a step has done to their findings. Part of the act's transaction."""
    kind = _TOLD.get(verb)
    if kind is None:
        return
    by_unit: dict[int, list[Finding]] = {}
    for finding, status in zip(findings, before, strict=True):
        # Of a suspicion that was dismissed the unit had never heard.
        if kind != Kind.DISMISSED or status != Finding.Status.SUSPECTED:
            by_unit.setdefault(finding.unit_id, []).append(finding)
    notices = []
    for of_unit in by_unit.values():
        receiver = receiver_of(of_unit[0].unit, at)
        notices.append(_forward(_write(kind, of_unit, at, note), receiver))
        if kind == Kind.SENT:
            notices += _tell_those_who_answer_for_it(of_unit, receiver, at)
    tell(notices, at=at)


def _tell_those_who_answer_for_it(findings: Sequence[Finding], receiver: Receiver, at: datetime) -> list[Notice]:
    """The leader hears of what was confirmed; whoever supervises the unit hears of a veto at once, of the rest in the
    morning (`urging.briefing`). Nobody hears of it twice.
    """
    told = []
    if receiver.instead_of is None:
        leaders = _write(Kind.SENT, findings, at, "")
        leaders.audience, leaders.urgent = Audience.LEADERS, has_veto(findings)
        told.append(leaders)
    vetoes = [one for one in findings if criterion_of(one).kind == "VETO"]
    for above in supervisors_above(findings[0].unit, at) if vetoes else ():
        if receiver.instead_of is not None and above == receiver.unit:
            continue
        notice = _write(Kind.SENT, vetoes, at, "")
        notice.audience, notice.unit_id, notice.key = Audience.SUPERVISORS, above.pk, f"veto-{vetoes[0].pk}"
        told.append(notice)
    return told


def has_veto(findings: Sequence[Finding]) -> bool:
    """Whether one of them is a 单项否决."""
    return any(criterion_of(one).kind == "VETO" for one in findings)


def say_line(finding: Finding) -> str:
    """One finding with what it costs, as a line of a message."""
    mark = "【单项否决】" if has_veto([finding]) else ""
    return f"{mark}{say_finding(finding)}（{say_cost(finding)}）"


def _write(kind: Notice.Kind, findings: Sequence[Finding], at: datetime, note: str) -> Notice:
    first, count = findings[0], len(findings)
    lines = say_list([say_finding(one) for one in findings]) if count > 1 else ""
    named = say_finding(first) if count == 1 else f"{count} 个问题"
    if kind == Kind.SENT:
        assert first.rectify_by is not None
        word = "单项否决" if has_veto(findings) else "问题反馈"
        title = f"{word}：{named}，请在 {say_due(first.rectify_by)}整改"
        points = points_for_late_rectification(day_of(at))
        lines = say_list([say_line(one) for one in findings])
        text = f"{lines}\n逾期没有整改的，每个另扣 {points} 分。有异议的，可以申诉。"
    elif kind == Kind.DISMISSED:
        title, text = f"不予认定：{named}，不再计分", lines
    else:
        title, text = f"复查退回：{named}没有整改到位", f"{lines}\n{note}".strip()
    address = f"/findings/{first.pk}/" if count == 1 else "/findings/"
    # A finding is sent and dismissed once; it may come back from several rechecks.
    key = f"{first.pk}" if kind != Kind.RETURNED else f"{first.pk}-{at.timestamp():.0f}"
    notice = _to_unit(kind, key, Audience.EDITORS, first, title, text, address)
    notice.things = [["finding", str(one.pk)] for one in findings[:MOST_THINGS]]
    return notice


def _forward(notice: Notice, receiver: Receiver) -> Notice:
    """Where nobody holds a position at the unit, it goes to whoever answers for the unit, and says so."""
    if receiver.instead_of is not None:
        notice.audience, notice.unit_id = receiver.audience, receiver.unit.pk if receiver.unit else None
        notice.text = (
            f"{notice.text}\n{receiver.said}。请转告该单位，并为它设岗：没有人任岗，就没有人能登记整改。".strip()
        )
    return notice


def _to_unit(kind: str, key: str, audience: str, finding: Finding, title: str, text: str, address: str) -> Notice:
    return Notice(
        kind=kind,
        key=key,
        audience=audience,
        unit_id=finding.unit_id,
        about_id=finding.unit_id,
        thing="findings_sent",
        title=title,
        text=text,
        address=address,
    )


def tell_objection(objection: Objection, finding: Finding, at: datetime) -> None:
    """The heads of inspection hear that an answer is wanted."""
    title = f"申诉待答复：{finding.unit}，{say_finding(finding)}"
    notice = _to_unit(Kind.OBJECTION, f"{objection.pk}", Audience.HEADS, finding, title, "", f"/findings/{finding.pk}/")
    notice.unit_id = None
    tell([notice], at=at)


def tell_answer(objection: Objection, finding: Finding, at: datetime) -> None:
    """The whole unit hears what became of its objection; where it is upheld, the editors hear so by the dismissal
    already.
    """
    title = f"申诉{'成立' if objection.upheld else '不成立'}：{say_finding(finding)}"
    audience = Audience.LEADERS if objection.upheld else Audience.UNIT
    tell(
        [
            _to_unit(
                Kind.ANSWER, f"{objection.pk}", audience, finding, title, objection.answer, f"/findings/{finding.pk}/"
            )
        ],
        at=at,
    )
