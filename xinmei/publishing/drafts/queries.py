"""What waits for whom, and what changed since the last signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xinmei.core.differences import Piece, compare, differs
from xinmei.people.doors import day_of, in_force, may
from xinmei.people.events import Acting
from xinmei.people.models import Person, Position, PositionHeld
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.models import Draft, DraftVersion

State = Draft.State
SIGNATURES = ("send", "check", "sign")
# What waits: the word in the address, and how the board calls it.
WAITS = [
    ("mine", "等我办"),
    ("tocheck", "等我审核"),
    ("tosign", "等我审签"),
    ("check", "待审核"),
    ("sign", "待审签"),
    ("publish", "待发布"),
    ("returned", "已退回"),
    ("writing", "起草"),
    ("done", "已发布"),
    ("withdrawn", "已撤回"),
]
_OF = {
    "check": State.CHECKING,
    "sign": State.SIGNING,
    "publish": State.RELEASED,
    "returned": State.RETURNED,
    "writing": State.DRAFT,
    "done": State.PUBLISHED,
    "withdrawn": State.WITHDRAWN,
}


def waiting(rows: QuerySet[Draft], word: str, acting: Acting) -> QuerySet[Draft]:
    """The drafts that wait in this way."""
    by_person = {"mine": waits_for, "tocheck": to_check, "tosign": to_sign}
    return rows.filter(by_person[word](acting)) if word in by_person else rows.filter(state=_OF[word])


def waits_for(acting: Acting) -> Q:
    """What this position can move on: what others must do because it is one's own is left out."""
    mine = Q(pk__in=[])
    if may(acting, "write_draft"):
        mine |= Q(state__in=[State.RETURNED, State.RELEASED])
    if may(acting, "check_draft"):
        mine |= to_check(acting)
    if may(acting, "sign_draft"):
        mine |= to_sign(acting)
    return mine


def to_check(acting: Acting) -> Q:
    """What this person may check: not what they sent."""
    return Q(state=State.CHECKING) & ~Q(drafter=acting.login)


def to_sign(acting: Acting) -> Q:
    """What this person may sign: neither sent nor checked by them."""
    return Q(state=State.SIGNING) & ~Q(drafter=acting.login) & ~Q(reviewer=acting.login)


def names_of(logins: Iterable[str]) -> dict[str, str]:
    """Names by log-in name. One query."""
    return dict(Person.objects.filter(login__in={*logins} - {""}).values_list("login", "name"))


_WHO = {State.CHECKING: Position.SECTION_HEAD, State.SIGNING: Position.LEADER, State.RELEASED: Position.EDITOR}


def holders_in(units: Iterable[int], at: datetime) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """Who checks, signs and publishes at these units on that day: (login, name). One query."""
    rows = PositionHeld.objects.filter(in_force(day_of(at)), unit__in=set(units), position__in=set(_WHO.values()))
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for unit, position, login, name in rows.order_by("person__login").values_list(
        "unit", "position", "person__login", "person__name"
    ):
        found.setdefault((unit, position), []).append((login, name))
    return found


Holders = Mapping[tuple[int, str], list[tuple[str, str]]]


def say_whom(draft: Draft, holders: Holders | None, names: Mapping[str, str]) -> str:
    """Whom a draft waits for, by name; "" where it waits for nobody, or where that is not the reader's business."""
    if holders is None:
        return ""
    if draft.state in (State.DRAFT, State.RETURNED):
        return names.get(draft.drafter, draft.drafter) or "编辑"
    position = _WHO.get(State(draft.state))
    if position is None:
        return ""
    aside = {draft.drafter, draft.reviewer} if position != Position.EDITOR else set()
    fitting = [name for login, name in holders.get((draft.unit_id, position), ()) if login not in aside]
    return "、".join(fitting[:3]) + ("等" if len(fitting) > 3 else "") or f"没有可办的人：{position.label}"


@dataclass(frozen=True)
class Changes:
    """What changed since a signature: who gave it, in which version, and the words."""

    verb: str
    by: str
    number: int
    title: list[Piece]
    text: list[Piece]
    others: list[str]


def changes_since_signature(draft: Draft, acting: Acting) -> Changes | None:
    """What changed since this person last signed, or else since anybody did. None where nothing did."""
    now = draft.current
    steps = [step for step in draft.steps.all() if step.verb in SIGNATURES and step.version != draft.version]
    own = [step for step in steps if step.by == acting.login]
    signed = own or steps
    last = signed[-1] if signed else None
    before = draft.versions.filter(number=last.version).first() if last else None
    if last is None or before is None or now is None:
        return None
    return Changes(last.verb, last.by, before.number, *_compared(before, now))


def _compared(before: DraftVersion, now: DraftVersion) -> tuple[list[Piece], list[Piece], list[str]]:
    title, text = compare(before.title, now.title), compare(before.text, now.text)
    others = []
    if before.accounts != now.accounts:
        others.append(f"账号：{'、'.join(before.accounts)} → {'、'.join(now.accounts)}")
    if before.origin != now.origin:
        others.append(f"{before.get_origin_display()} → {now.get_origin_display()}")
    if before.source != now.source:
        others.append(f"信息来源：{before.source or '无'} → {now.source or '无'}")
    if [one.file_id for one in before.images.all()] != [one.file_id for one in now.images.all()]:
        others.append("图片换过")
    if before.text == now.text and before.layout != now.layout:
        others.append("排版改过，文字没有变")
    return title if differs(title) else [], text if differs(text) else [], others


_NOT_ON_THE_BOARD = ("policy", "source_reason", "current__text", "current__layout", "current__difference")


def drafts_of(acting: Acting) -> QuerySet[Draft]:
    """The rows of the board, with what each shows. The texts stay where they are: nobody reads them there."""
    rows = drafts_visible_to(acting).select_related("unit", "current").defer(*_NOT_ON_THE_BOARD)
    return rows.prefetch_related("for_accounts__account")
