"""What the acts on findings tell to whom: one notice a unit and act, however many findings it moves.

Words of messages are in none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from xinmei.core.calendar import SHANGHAI, WEEKDAYS
from xinmei.core.rulebook import points_for_late_rectification
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.doors import day_of
from xinmei.supervision.labels import criterion_of
from xinmei.supervision.models import Finding, Objection

Kind, Audience = Notice.Kind, Notice.Audience
MOST_LINES = 10
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
    tell([_write(kind, of_unit, at, note) for of_unit in by_unit.values()], at=at)


def _write(kind: Notice.Kind, findings: Sequence[Finding], at: datetime, note: str) -> Notice:
    first, count = findings[0], len(findings)
    lines = say_list([say_finding(one) for one in findings]) if count > 1 else ""
    named = say_finding(first) if count == 1 else f"{count} 个问题"
    if kind == Kind.SENT:
        assert first.rectify_by is not None
        title = f"问题反馈：{named}，请在 {say_due(first.rectify_by)}整改"
        points = points_for_late_rectification(day_of(at))
        text = f"{lines}\n逾期没有整改的，每个另扣 {points} 分。".strip()
    elif kind == Kind.DISMISSED:
        title, text = f"不予认定：{named}，不再计分", lines
    else:
        title, text = f"复查退回：{named}没有整改到位", f"{lines}\n{note}".strip()
    address = f"/findings/{first.pk}/" if count == 1 else "/findings/"
    # A finding is sent and dismissed once; it may come back from several rechecks.
    key = f"{first.pk}" if kind != Kind.RETURNED else f"{first.pk}-{at.timestamp():.0f}"
    return _to_unit(kind, key, Audience.EDITORS, first, title, text, address)


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
