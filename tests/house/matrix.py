"""The matrix of the doors, written a second time: every address with its declaration, every role and its reach.

Nothing here asks the code under test who may do what. Reach is found by walking up the tree of the cast. The rights
are those of the normative table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import PEOPLE, UNITS
from tests.house.things import Thing
from xinmei.people.guard import Declaration

UNIT_POSITIONS = {"editor", "section_head", "leader", "unit_admin"}
INSPECTORS = {"inspector", "inspector_head"}
ADMINISTRATORS = {"system_admin", "security_admin", "audit_admin"}

# Rows of the first table: unit positions, supervisor, inspectors, observer; with the exceptions.
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
    "drafts": "O-C-",
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
    "mark_message": {"editor": "O", "unit_admin": "O", "inspector": "C", "inspector_head": "C"},
    "hand_over_message": {"editor": "O", "unit_admin": "O", "inspector": "C", "inspector_head": "C"},
    "take_back_message": {"editor": "O", "unit_admin": "O"},
    "moderate": {"editor": "O", "unit_admin": "O"},
    "approve_reply": {"section_head": "O"},
    "set_reply_rule": {"unit_admin": "O"},
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
    "write_draft": {"editor": "O"},
    "check_draft": {"section_head": "O"},
    "sign_draft": {"leader": "O"},
    "connect_channel": {"unit_admin": "O"},
    "send_out": {"editor": "O"},
    "stop_draft": {"section_head": "O", "leader": "O"},
    "take_down": {"editor": "O", "section_head": "O", "leader": "O"},
    "issue_order": {"inspector": "C", "inspector_head": "C"},
    "answer_order": {"editor": "O", "unit_admin": "O", "leader": "O"},
    "decide_order": {"inspector": "C", "inspector_head": "C"},
    "update_account": {"editor": "O", "unit_admin": "O"},
    "confirm_account": {"unit_admin": "O"},
    "report_incident": {"editor": "O", "unit_admin": "O", "inspector": "C", "inspector_head": "C"},
    "record_custody": {"unit_admin": "O"},
    "answer_report": {"editor": "O", "unit_admin": "O", "inspector": "C", "inspector_head": "C"},
    "merge_units": {"inspector_head": "C"},
    "change_units": {"inspector_head": "C"},
    "grant_exemption": {"inspector_head": "C"},
    "reconcile": {"inspector": "C", "inspector_head": "C", "supervisor": "S", "unit_admin": "O"},
    "keep_account": {"unit_admin": "O", "supervisor": "S", "inspector": "C", "inspector_head": "C"},
    "decide_case": {"inspector": "C", "inspector_head": "C"},
    "archive_account": {"editor": "O", "unit_admin": "O"},
    "approve_source": {"inspector_head": "C"},
    "list_function": {"editor": "O", "unit_admin": "O"},
    "remind": {"leader": "O", "supervisor": "S", "inspector": "C", "inspector_head": "C"},
    "write_filing": {"editor": "O", "unit_admin": "O"},
    "submit_filing": {"unit_admin": "O"},
    "agree_filing": {"unit_admin": "O"},
    "support_filing": {"supervisor": "S", "inspector_head": "C"},
    "approve_filing": {"supervisor": "S", "inspector_head": "C"},
    "file_filing": {"inspector_head": "C"},
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


def rights() -> dict[str, tuple[str, ...]]:
    """rights.txt: each act that asks for a right of the second table, with those of which one is enough."""
    lines = (Path(__file__).parent / "rights.txt").read_text(encoding="utf-8").splitlines()
    return {verb: tuple(asked) for verb, *asked in map(str.split, lines)}


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


def may_meet(getter: str, to: str, login: str, thing: Thing) -> int:
    """The status that the door answers with: 404 out of reach, 403 without the right, 200 where it opens."""
    _, own, post = PEOPLE.get(login, ("", "", ""))
    reach = {
        "finding_for": "findings_sent" if thing.sent else "findings_unsent",
        "post_for": "posts",
        "unit_for": "posts",
        "message_for": "messages",
        "contact_for": "register_contact",
        "archive_for": "register_contact",
        "inspection_for": "coverage",
        "bulletin_for": "issued_papers",
        "unit_with_sheet": "provisional_sheets",
        "order_for": "findings_sent",
        "filing_for": "register_contact",
        "person_for": "people",
        "person_to": "people",
        "held_to": "people",
    }
    if getter == "draft_for":  # 「drafts and their reviews: O; C after release」
        letter = sees(post, "drafts")
        return 200 if (thing.sent or letter == "O") and reaches(letter, own, thing.unit) else 404
    if getter == "kit_for":  # what is published by hand: the unit's own, once released
        letter = sees(post, "drafts")
        return 200 if thing.sent and letter == "O" and reaches(letter, own, thing.unit) else 404
    if getter == "draft_to_write":  # those of its unit who write on drafts, in whatever state it is
        return 200 if own == thing.unit and post in ("editor", "section_head", "leader") else 404
    if getter == "account_for":
        return 200
    if getter in ("comparison_for", "difference_for"):
        return 200 if reaches(DOES["reconcile"].get(post, "-"), own, thing.unit) else 404
    if getter == "filing_for" and login == "guan" and thing.unit in ("DH-TY", "DH-JY"):
        return 200  # nobody administers these units; 东湖县 stands in for them
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
