"""The matrix of the doors, written a second time: every address with its declaration, every role and its reach.

Nothing here asks the code under test who may do what. Reach is found by walking up the tree of the cast; the rights are
written as in the normative table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import NOW, PEOPLE, UNITS, City, make_person
from xinmei.people.guard import Declaration
from xinmei.screening.models import Recall, Rescreening
from xinmei.supervision.evidence import make_evidence
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.urging.models import WorkOrder

UNIT_POSITIONS = {"editor", "section_head", "leader", "unit_admin"}
INSPECTORS = {"inspector", "inspector_head"}
ADMINISTRATORS = {"system_admin", "security_admin", "audit_admin"}

# Rows of the first table: unit posts, supervisor, inspectors, observer; with the exceptions.
SEES = {
    "posts": "OSCS",
    "register_contact": "OSC-",
    "findings_sent": "OSCS",
    "findings_unsent": "--C-",
    "provisional_sheets": "OSC-",
    "messages": "OSC-",
    "coverage": "OSC-",
    "issued_papers": "CCCC",
    "people": "-SC-",
}
# Rows of the second table.
DOES = {
    "import_facts": {"inspector": "C", "inspector_head": "C", "supervisor": "S", "unit_admin": "O"},
    "confirm": {"inspector": "C", "inspector_head": "C"},
    "find": {"inspector": "C", "inspector_head": "C"},
    "dismiss_suspected": {"inspector": "C", "inspector_head": "C"},
    "dismiss_sent": {"inspector_head": "C"},
    "decide_objection": {"inspector_head": "C"},
    "rectify": {"editor": "O", "unit_admin": "O"},
    "object": {"leader": "O", "unit_admin": "O"},
    "recheck": {"inspector": "C", "inspector_head": "C"},
    "answer": {"editor": "O", "unit_admin": "O"},
    "reveal": dict.fromkeys(UNIT_POSITIONS, "O") | {"inspector": "C", "inspector_head": "C"},
    "hand_over_message": {"editor": "O", "unit_admin": "O"},
    "inspect": {"inspector": "C", "inspector_head": "C"},
    "rescreen": {"inspector": "C", "inspector_head": "C"},
    "draft_rules": {"inspector": "C", "inspector_head": "C"},
    "release_rules": {"inspector_head": "C"},
    "propose_reading": {"inspector": "C", "inspector_head": "C"},
    "change_reading": {"inspector_head": "C"},
    "draft_paper": {"inspector": "C", "inspector_head": "C"},
    "issue_paper": {"inspector_head": "C"},
    "close_year": {"inspector_head": "C"},
    "allow_for_unit": {"inspector": "C", "inspector_head": "C"},
    "allow_for_all": {"inspector_head": "C"},
    "give_unit_posts": {"unit_admin": "O"},
    "propose_posts": {"system_admin": "C"},
    "approve_posts": {"security_admin": "C"},
    "unlock": {"security_admin": "C"},
    "end_sessions": {"security_admin": "C"},
    "verify_events": {"audit_admin": "C"},
    "run_jobs": {"system_admin": "C"},
    "change_settings": {"system_admin": "C"},
    "back_up": {"system_admin": "C"},
    "issue_order": {"inspector": "C", "inspector_head": "C"},
    "answer_order": {"editor": "O", "unit_admin": "O", "leader": "O"},
    "decide_order": {"inspector": "C", "inspector_head": "C"},
    "hold_token": dict.fromkeys(UNIT_POSITIONS, "O")
    | {"supervisor": "O", "inspector": "O", "inspector_head": "O", "observer": "O"},
    "hold_webhook": {"unit_admin": "O", "inspector_head": "C"},
    "resend_notice": {
        "unit_admin": "O",
        "supervisor": "S",
        "inspector": "C",
        "inspector_head": "C",
        "system_admin": "C",
    },
}


# The declared acts on people and positions: the way to the object, and what is done to it.
ACTS = {
    "person.unlock": "person_to:unlock",
    "person.reset_second_factor": "person_to:unlock",
    "position.end": "held_to:give_unit_posts",
    "position.propose_end": "held_to:propose_posts",
    "position.delegate": "held_to:delegate",
    "handover.offer": "held_to:hand_over",
    "position.approve": "proposal_for:approve_posts",
    "position.recall": "delegation_of:recall",
    "handover.give": "hand_over_for:give",
    "handover.accept": "hand_over_for:accept",
    "session.end": "session_to:end_sessions",
    "token.end": "token_to:end_sessions",
}


def addresses() -> Iterator[tuple[str, Any]]:
    """Every address of the site as written in the URL configuration, with its view."""

    def walk(patterns: Any, before: str) -> Iterator[tuple[str, Any]]:
        for one in patterns:
            if isinstance(one, URLPattern):
                yield before + str(one.pattern), one.callback
            elif isinstance(one, URLResolver):
                yield from walk(one.url_patterns, before + str(one.pattern))

    return walk(get_resolver().url_patterns, "")


def declaration_of(view: Any) -> Declaration | None:
    """What the view says about its door."""
    found = getattr(view, "declaration", None)
    return found if isinstance(found, Declaration) else None


def written_down() -> dict[str, Declaration]:
    """doors.txt: each address as the URL configuration writes it, with its door, told a second time."""
    doors = {}
    for line in (Path(__file__).parent / "doors.txt").read_text(encoding="utf-8").splitlines():
        address, methods, kind, *what = line.split()
        doors[address.removeprefix("/")] = Declaration(kind, "".join(what), tuple(methods.split(",")))
    return doors


def sees(post: str, thing: str) -> str:
    """The letter of the first table."""
    if thing == "people":
        exceptions = {"unit_admin": "O", "system_admin": "C", "security_admin": "C"}
        if post in exceptions:
            return exceptions[post]
    column = (
        0
        if post in UNIT_POSITIONS
        else 1
        if post == "supervisor"
        else 2
        if post in INSPECTORS
        else 3
        if post == "observer"
        else None
    )
    return "-" if column is None else SEES[thing][column]


def reaches(letter: str, own: str, unit: str) -> bool:
    """Whether `unit` is reached from `own`, walking up the tree of the cast."""
    if letter in "C-":
        return letter == "C"
    above: str | None = unit
    while above is not None:
        if above == own or (letter == "S" and UNITS[above][4] == own):
            return True
        above = UNITS[above][2] if letter == "S" else None
    return False


@dataclass(frozen=True)
class Thing:
    """An object with the unit it belongs to, and for findings and papers whether it was sent or issued.

    `parts`: what else an address may name of it.
    """

    key: str
    unit: str
    sent: bool = True
    parts: tuple[tuple[str, str], ...] = ()


def make_finding(city: City, account: str, status: str, week: str = "2026-W07") -> Finding:
    """A finding of slow updates in that week, in that state."""
    of = city.accounts[account]
    evidence = make_evidence({"seen": "所见"}, seen_at=NOW, source="test", edition="2021-06-20")
    evidence.save()
    confirmed = (
        {"confirmed_by": "tan", "confirmed_at": NOW, "rectify_by": NOW + timedelta(days=1)}
        if status != "SUSPECTED"
        else {}
    )
    return Finding.objects.create(
        account=of,
        unit=of.unit,
        set="inspection",
        indicator="slow_update",
        criterion="slow_update",
        subject=f"{week} {status}",
        owner=account,
        observed_at=NOW,
        fault_on=NOW.date(),
        status=status,
        clause="每周更新不少于1次",
        evidence=evidence,
        **confirmed,
    )


def make_papers() -> Iterator[Thing]:
    """A draft of 通报 and an issued one, each with one figure and its two files."""
    from xinmei.reports.models import Bulletin

    figures = {"figures": [{"key": "n", "label": "数", "value": 1, "query": {"of": "given"}}]}
    said = {"paragraphs": [], "rows": [], "title": "通报", "annex_title": "附件", "masthead": "", "number": ""}
    made = {"period": "2026-W18", "title": "通报", "as_of": NOW, "figures": figures, "paper": said, "passed": 0}
    files = {"docx": b"w", "pdf": b"p", "docx_sha256": "0" * 64, "pdf_sha256": "0" * 64}
    issued = {"status": "ISSUED", "number": "1", "issued_by": "tou", "issued_at": NOW}
    parts = (("key", "n"), ("kind", "docx"))
    for more in ({}, issued):
        paper = Bulletin.objects.create(**made, **files, made_by="cha", made_at=NOW, **more)
        yield Thing(str(paper.pk), "CZ", bool(more), parts)


def make_things(city: City) -> dict[str, list[Thing]]:
    """For each getter the objects of every unit that has an account."""
    from xinmei.interaction.models import Message
    from xinmei.jobs.models import Job
    from xinmei.notices.models import Delivery, Notice
    from xinmei.packs.models import Demotion, OwnEntry
    from xinmei.people.models import Delegation, HandOver, PositionProposal, SavedView, SignedIn, Token
    from xinmei.publishing.models import AllowListEntry, Post

    things: dict[str, list[Thing]] = {}

    def put(getter: str, thing: Thing) -> None:
        things.setdefault(getter, []).append(thing)

    for unit in (*{account.unit.code: account.unit for account in city.accounts.values()}.values(), None):
        entry = AllowListEntry.objects.create(
            rule="typos/秸杆",
            text="秸杆",
            set="assessment",
            criterion="typo",
            unit=unit,
            reason="地名",
            starts_on=NOW.date(),
            by="谭检查",
            at=NOW,
        )
        put("allow_entry_for", Thing(str(entry.pk), unit.code if unit else "all"))
    inspection = Inspection.objects.create(
        at=NOW, finished_at=NOW, inspected=7, could_not_observe=0, raised=0, edition="2021-06-20"
    )
    put("inspection_for", Thing(str(inspection.pk), "CZ"))
    for code, account in city.accounts.items():
        unit = account.unit.code
        Coverage.objects.create(inspection=inspection, account=account, observed=True)
        put("account_for", Thing(code, unit))
        put("contact_for", Thing(code, unit))
        for status in ("SUSPECTED", "NOTIFIED"):
            finding = make_finding(city, code, status)
            parts = (("evidence", str(finding.evidence_id)),)
            put("finding_for", Thing(str(finding.pk), unit, status != "SUSPECTED", parts))
        post = Post.objects.create(
            code=f"P-{code}", account=account, published_at=NOW - timedelta(days=1), title="题", text="文", byline={}
        )
        put("post_for", Thing(post.code, unit))
        message = Message.objects.create(
            code=f"M-{code}", account=account, received_at=NOW - timedelta(days=1), kind="comment", text="问"
        )
        put("message_for", Thing(message.code, unit))
        order = WorkOrder.objects.create(
            unit=account.unit, message=message, what="答复", issued_at=NOW, due_at=NOW + timedelta(days=1)
        )
        put("order_for", Thing(str(order.pk), unit))
        one = {
            "kind": "sent",
            "key": code,
            "unit": account.unit,
            "about": account.unit,
            "thing": "findings_sent",
            "title": "题",
            "at": NOW,
        }
        notice = Notice.objects.create(audience="unit", address="/", **one)
        put("notice_for", Thing(str(notice.pk), unit))
        Delivery.objects.create(notice=notice, channel="email", person=city.people["bian"], next_try_at=NOW)
    for paper in make_papers():
        put("bulletin_for", paper)
    for code in city.units:
        put("unit_for", Thing(code, code))
        put("unit_with_sheet", Thing(code, code))
    for login, (_, unit, post) in PEOPLE.items():
        person = city.people[login]
        put("person_for", Thing(str(person.pk), unit))
        put("person_to", Thing(str(person.pk), unit))
        held = person.positions.get()
        put("held_to", Thing(str(held.pk), unit))
        session = SignedIn.objects.create(person=person, session_key=f"key-{login}", started_at=NOW, seen_at=NOW)
        view = SavedView.objects.create(person=person, path="/accounts/", query="platform=weibo", name="微博")
        put("saved_view_for", Thing(str(view.pk), login))
        put("session_to", Thing(str(session.pk), login))
        if post not in ADMINISTRATORS:
            lasts = {"made_at": NOW, "ends_at": NOW + timedelta(days=1)}
            token = Token.objects.create(person=person, position_held=held, name="试", digest=f"of {login}", **lasts)
            put("token_to", Thing(str(token.pk), login))
        asked = {
            "asked_by": person,
            "position": post,
            "unit_code": unit,
            "asked_at": NOW,
            "due_at": NOW,
            "next_try_at": NOW,
        }
        put("job_for", Thing(str(Job.objects.create(kind="inspection", key=login, **asked).pk), login))
    bian, qian, shen = (city.people[login] for login in ("bian", "qian", "shen"))
    over = HandOver.objects.create(
        position_held=bian.positions.get(), successor=shen, items={"清单": False}, opened_at=NOW
    )
    put("hand_over_for", Thing(str(over.pk), "bian"))
    span = {"starts_on": NOW.date(), "ends_on": NOW.date(), "ended_at": NOW, "given_at": NOW}
    delegation = Delegation.objects.create(position_held=qian.positions.get(), person=bian, **span)
    put("delegation_of", Thing(str(delegation.pk), "qian"))
    nobody = make_person("nopost", "无岗位")
    city.people["nopost"] = nobody
    system = city.people["xi"]
    proposal = PositionProposal.objects.create(
        change="give",
        person=nobody,
        unit=city.units["CZ"],
        position="inspector",
        starts_on=NOW.date(),
        proposed_by=system,
        proposed_at=NOW,
    )
    put("proposal_for", Thing(str(proposal.pk), "CZ"))
    words = {
        "category": "typo",
        "reason": "词典",
        "hit": "按排工作",
        "miss": "安排工作",
        "drafted_by": "cha",
        "drafted_at": NOW,
    }
    put("entry_for", Thing(str(OwnEntry.objects.create(terms=["按排"], **words).pk), "CZ"))
    run = Rescreening.objects.create(version="v", frame="f", rules={}, started_at=NOW)
    place = {"rule": "typos/按排", "category": "typo", "shelf": "confident", "start": 0, "end": 1, "text": "题"}
    put(
        "recall_for",
        Thing(str(Recall.objects.create(rescreening=run, post=Post.objects.order_by("pk")[0], **place).pk), "CZ"),
    )
    put(
        "demotion_for",
        Thing(
            str(Demotion.objects.create(rule="typos/按排", why="误报多", proposed_by="cha", proposed_at=NOW).pk), "CZ"
        ),
    )
    return things


def may_meet(getter: str, to: str, login: str, thing: Thing) -> int:
    """The status that the door answers with: 404 out of reach, 403 without the right, 200 where it opens."""
    _, own, post = PEOPLE.get(login, ("", "", ""))
    reach = {
        "finding_for": "findings_sent" if thing.sent else "findings_unsent",
        "post_for": "posts",
        "unit_for": "posts",
        "message_for": "messages",
        "contact_for": "register_contact",
        "inspection_for": "coverage",
        "bulletin_for": "issued_papers",
        "unit_with_sheet": "provisional_sheets",
        "order_for": "findings_sent",
        "person_for": "people",
        "person_to": "people",
        "held_to": "people",
    }
    if getter == "account_for":
        return 200
    if getter == "allow_entry_for":
        right = "allow_for_all" if thing.unit == "all" else "allow_for_unit"
        return 404 if post not in INSPECTORS else 200 if post in DOES[right] else 403
    if getter in ("saved_view_for", "delegation_of"):
        return 200 if thing.unit == login else 404
    if getter == "job_for":
        return 200 if thing.unit == login or post == "system_admin" else 404
    if getter in ("session_to", "token_to"):
        return 200 if post == "security_admin" or thing.unit == login else 404
    if getter == "hand_over_for":  # from bian to shen
        turn = {"read": ("bian", "shen"), "give": ("bian",), "accept": ("shen",)}
        return 404 if login not in ("bian", "shen") else 200 if login in turn[to] else 403
    if getter == "proposal_for":
        return 200 if post == "security_admin" else 403 if post == "system_admin" else 404
    if getter in ("entry_for", "demotion_for", "recall_for"):
        return 404 if post not in INSPECTORS else 200 if to == "read" or post in DOES[to] else 403
    if getter == "notice_for":
        return 200 if post in UNIT_POSITIONS and own == thing.unit else 404
    if getter == "bulletin_for" and not thing.sent:
        return 200 if post in DOES["draft_paper"] else 404
    letter = sees(post, reach[getter])
    is_self = getter in ("person_for", "person_to", "held_to") and thing.key == str(_own_key(getter, login))
    visible = letter != "-" if getter == "inspection_for" else is_self or reaches(letter, own, thing.unit)
    if not visible:
        return 404
    if to == "read":
        return 200
    if getter == "held_to":
        return 200 if _may_move(to, post, is_self, thing) else 403
    right = to if to != "dismiss" else "dismiss_sent" if thing.sent else "dismiss_suspected"
    does = DOES[right].get(post, "-")
    if getter == "person_to":
        return 200 if does != "-" else 403
    return 200 if reaches(does, own, thing.unit) else 403


def _may_move(to: str, post: str, is_self: bool, thing: Thing) -> bool:
    """Whether a position held is this person's to end, to let somebody stand in for, or to hand over."""
    from xinmei.people.models import PositionHeld

    held = PositionHeld.objects.get(pk=thing.key).position
    if to in ("delegate", "hand_over"):
        return is_self and (to == "hand_over" or held not in ADMINISTRATORS)
    by_unit = held in ("editor", "section_head", "leader")
    return not is_self and post in DOES[to] and by_unit == (to == "give_unit_posts")


def _own_key(getter: str, login: str) -> object:
    from xinmei.people.models import Person, PositionHeld

    if getter == "held_to":
        return PositionHeld.objects.filter(person__login=login).values_list("pk", flat=True).first()
    return Person.objects.filter(login=login).values_list("pk", flat=True).first()
