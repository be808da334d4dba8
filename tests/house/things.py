"""An object of every kind for every unit, by the getter of its door: what the walk through all doors meets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.cast import NOW, PEOPLE, City, keep_file, make_person
from tests.house.things_of_questions import ask_questions, explain
from xinmei.interaction.models import AnswerProof, Message, MessageStep
from xinmei.people.models import Person
from xinmei.registry.models import Account, Archive
from xinmei.screening.models import Recall, Rescreening
from xinmei.supervision.evidence import make_evidence
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.urging.models import WorkOrder


@dataclass(frozen=True)
class Thing:
    """An object with its unit, and whether it was sent or issued where that matters.

    `parts` are what else an address may name of it.
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
    files = {"docx": keep_file(b"w"), "pdf": keep_file(b"p")}
    issued = {"status": "ISSUED", "number": "1", "issued_by": "tou", "issued_at": NOW}
    parts = (("key", "n"), ("kind", "docx"))
    for more in ({}, issued):
        paper = Bulletin.objects.create(**made, **files, made_by="cha", made_at=NOW, **more)
        yield Thing(str(paper.pk), "CZ", bool(more), parts)


class Things(dict[str, list[Thing]]):
    """Objects by the getter that gives them."""

    def put(
        self, getter: str, key: object, unit: str, sent: bool = True, parts: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """One more object."""
        self.setdefault(getter, []).append(Thing(str(key), unit, sent, parts))


def make_things(city: City) -> Things:
    """For each getter the objects of every unit that has an account."""
    things = Things()
    _allow_words(city, things)
    inspection = Inspection.objects.create(
        at=NOW, finished_at=NOW, inspected=7, could_not_observe=0, raised=0, edition="2021-06-20"
    )
    things.put("inspection_for", inspection.pk, "CZ")
    for account in city.accounts.values():
        Coverage.objects.create(inspection=inspection, account=account, observed=True)
        _happen_at(city, account, things)
        things.put("archive_for", _archive(account).pk, account.unit.code)
    for paper in make_papers():
        things.setdefault("bulletin_for", []).append(paper)
    for code in city.units:
        things.put("unit_for", code, code)
        things.put("unit_with_sheet", code, code)
    _write_drafts(city, things)
    _compare_registers(city, things)
    ask_questions(city, things.put)
    for login in PEOPLE:
        _belong_to(login, city.people[login], things)
    _change_positions(city, things)
    _judge_rules(things)
    return things


def _allow_words(city: City, things: Things) -> None:
    """An entry of 不再提示 for each unit, and one for all."""
    from xinmei.publishing.models import AllowListEntry

    units = {account.unit.code: account.unit for account in city.accounts.values()}
    for code, unit in [*units.items(), ("all", None)]:
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
        things.put("allow_entry_for", entry.pk, code)


def _write_drafts(city: City, things: Things) -> None:
    """For each account a draft that is not released and one that is, each with a picture."""
    from xinmei.publishing.models import Draft, DraftAccount, DraftImage, DraftVersion, Release

    picture = keep_file(b"\x89PNG\r\n\x1a\n")
    for code, account in city.accounts.items():
        for state in ("DRAFT", "RELEASED"):
            since = {"waiting_since": NOW, "acted_at": NOW}
            draft = Draft.objects.create(unit=account.unit, state=state, version=1, **since)
            said = {"title": f"稿 {code}", "text": "文", "origin": "original", "accounts": [code], "by": "bian"}
            draft.current = DraftVersion.objects.create(draft=draft, number=1, at=NOW, **said)
            draft.save()
            DraftAccount.objects.create(draft=draft, account=account, place=0)
            DraftImage.objects.create(version=draft.current, place=0, name="图.png", file=picture)
            if state == "RELEASED":
                Release.objects.create(draft=draft, version=draft.current, at=NOW, byline="", sha256="", sm3="")
            is_out = state == "RELEASED"
            things.put("draft_for", draft.pk, account.unit.code, is_out, (("place", "0"),))
            things.put("kit_for", draft.pk, account.unit.code, is_out, (("code", code),))
            things.put("draft_to_write", draft.pk, account.unit.code, is_out)


def _compare_registers(city: City, things: Things) -> None:
    """For each unit with an account an export that it brought, and a difference in it."""
    from xinmei.registry.models import Comparison, Difference

    file = keep_file(b"csv")
    for code, account in city.accounts.items():
        brought = {"name": "导出.csv", "file": file, "by": "cha", "at": NOW, "acted_at": NOW, "state": "DONE"}
        comparison = Comparison.objects.create(system="national", unit=account.unit, **brought)
        things.put("comparison_for", comparison.pk, account.unit.code)
        found = {"account": account, "unit": account.unit, "kind": "missing", "ours": account.name, "first_at": NOW}
        difference = Difference.objects.create(system="national", key=code, comparison=comparison, **found)
        things.put("difference_for", difference.pk, account.unit.code)


def _happen_at(city: City, account: Account, things: Things) -> None:
    """What there is of one account: findings, a post, a message, an order, a notice."""
    from xinmei.notices.models import Delivery, Notice
    from xinmei.publishing.models import Post

    code, unit, yesterday = account.code, account.unit.code, NOW - timedelta(days=1)
    things.put("account_for", code, unit)
    things.put("contact_for", code, unit)
    for status in ("SUSPECTED", "NOTIFIED"):
        finding = make_finding(city, code, status)
        parts = (("evidence", str(finding.evidence_id)),)
        things.put("finding_for", finding.pk, unit, status != "SUSPECTED", parts)
    post = Post.objects.create(
        code=f"P-{code}", account=account, published_at=yesterday, title="题", text="文", byline={}
    )
    things.put("post_for", post.code, unit)
    things.put("policy_for", explain(account, post).pk, unit)
    message = Message.objects.create(
        code=f"M-{code}", account=account, received_at=yesterday, kind="comment", text="问"
    )
    things.put("message_for", message.code, unit, parts=(("step", str(_prove_answer(message, yesterday).pk)),))
    order = WorkOrder.objects.create(
        unit=account.unit, message=message, what="答复", issued_at=NOW, due_at=NOW + timedelta(days=1)
    )
    things.put("order_for", order.pk, unit)
    things.put("filing_for", *_file(city, account))
    said = {"kind": "sent", "key": code, "thing": "findings_sent", "title": "题", "at": NOW, "address": "/"}
    notice = Notice.objects.create(audience="unit", unit=account.unit, about=account.unit, **said)
    things.put("notice_for", notice.pk, unit)
    Delivery.objects.create(notice=notice, channel="email", person=city.people["bian"], next_try_at=NOW)


def _file(city: City, account: Account) -> tuple[int, str, bool, tuple[tuple[str, str], ...]]:
    """A filing of the account that was submitted and is over, with its file and its announcement."""
    from xinmei.registry.models import Announcement, Filing

    words = {"reason": "调整", "consent_by": "leader", "consent_on": NOW.date(), "consent_file": keep_file(b"ok")}
    offices = dict.fromkeys(("supervisor", "reviewing_office"), city.units["CZ"])
    moments = {"waiting_since": NOW - timedelta(days=1), "last_step_at": NOW - timedelta(days=1)}
    about = {"matter": "SHUT_DOWN", "state": "REFUSED", "unit": account.unit, "account": account}
    filing = Filing.objects.create(**about, **words, **offices, **moments)
    said = {"unit": account.unit, "account": account, "text": "公告", "on": NOW.date(), "allowed_from": NOW.date()}
    one = Announcement.objects.create(filing=filing, file=keep_file(b"ok"), at=NOW, ended_on=NOW.date(), **said)
    return filing.pk, account.unit.code, True, (("number", str(one.pk)),)


def _archive(account: Account) -> Archive:
    """What the account published, as one file."""
    return Archive.objects.create(account=account, file=keep_file(b"PK"), posts=0, made_by="bian", made_at=NOW)


def _prove_answer(message: Message, at: datetime) -> AnswerProof:
    """What shows when an answer was given that was registered later."""
    step = MessageStep.objects.create(message=message, verb="answer", by="旁人", at=at)
    kept = {"replied_at": at, "name": "截图.png", "media_type": "image/png", "file": keep_file(b"\x89PNG")}
    return AnswerProof.objects.create(step=step, **kept)


def _belong_to(login: str, person: Person, things: Things) -> None:
    """What belongs to one person: the position held, the session, the saved view, the job."""
    from xinmei.jobs.models import Job
    from xinmei.people.models import SavedView, SignedIn, Token
    from xinmei.people.rights import ADMINISTRATORS

    _, unit, position = PEOPLE[login]
    things.put("person_for", person.pk, unit)
    things.put("person_to", person.pk, unit)
    things.put("held_to", person.positions.get().pk, unit)
    session = SignedIn.objects.create(person=person, session_key=f"key-{login}", started_at=NOW, seen_at=NOW)
    view = SavedView.objects.create(person=person, path="/accounts/", query="platform=weibo", name="微博")
    things.put("saved_view_for", view.pk, login)
    things.put("session_to", session.pk, login)
    if position not in ADMINISTRATORS:
        held, lasts = person.positions.get(), {"made_at": NOW, "ends_at": NOW + timedelta(days=1)}
        token = Token.objects.create(person=person, position_held=held, name="试", digest=f"of {login}", **lasts)
        things.put("token_to", token.pk, login)
    asked = {"asked_by": person, "position": position, "unit_code": unit}
    job = Job.objects.create(kind="inspection", key=login, asked_at=NOW, due_at=NOW, next_try_at=NOW, **asked)
    things.put("job_for", job.pk, login)


def _change_positions(city: City, things: Things) -> None:
    """A hand-over, a delegation and a proposal. The person of the proposal, who has no position, joins the cast."""
    from xinmei.people.models import Delegation, HandOver, PositionProposal

    today = NOW.date()
    bian, qian, shen = (city.people[login] for login in ("bian", "qian", "shen"))
    over = HandOver.objects.create(
        position_held=bian.positions.get(), successor=shen, items={"清单": False}, opened_at=NOW
    )
    things.put("hand_over_for", over.pk, "bian")
    span = {"starts_on": today, "ends_on": today, "ended_at": NOW, "given_at": NOW}
    delegation = Delegation.objects.create(position_held=qian.positions.get(), person=bian, **span)
    things.put("delegation_of", delegation.pk, "qian")
    nobody = make_person("nopost", "无岗位")
    city.people["nopost"] = nobody
    asked = {"starts_on": today, "proposed_by": city.people["xi"], "proposed_at": NOW}
    proposal = PositionProposal.objects.create(
        change="give", person=nobody, unit=city.units["CZ"], position="inspector", **asked
    )
    things.put("proposal_for", proposal.pk, "CZ")


def _judge_rules(things: Things) -> None:
    """An own entry, a recall and a demotion: of the city office."""
    from xinmei.packs.models import Demotion, OwnEntry
    from xinmei.publishing.models import Post

    words = {"category": "typo", "reason": "词典", "hit": "按排工作", "miss": "安排工作"}
    entry = OwnEntry.objects.create(terms=["按排"], drafted_by="cha", drafted_at=NOW, **words)
    things.put("entry_for", entry.pk, "CZ")
    run = Rescreening.objects.create(version="v", frame="f", rules={}, started_at=NOW)
    place = {"rule": "typos/按排", "category": "typo", "shelf": "confident", "start": 0, "end": 1, "text": "题"}
    recall = Recall.objects.create(rescreening=run, post=Post.objects.order_by("pk")[0], **place)
    things.put("recall_for", recall.pk, "CZ")
    demotion = Demotion.objects.create(rule="typos/按排", why="误报多", proposed_by="cha", proposed_at=NOW)
    things.put("demotion_for", demotion.pk, "CZ")
