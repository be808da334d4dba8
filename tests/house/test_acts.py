"""Each act, and each door to an object, checks the right itself, whoever calls it.

Without the right the act is refused, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from tests.cast import NOW, PEOPLE, City, act, act_as, build_city, build_people
from tests.house import matrix
from tests.house.things import make_things
from xinmei.assessment import queries as sheets
from xinmei.core.refusals import NotFound
from xinmei.core.screening.allowing import Allowance
from xinmei.interaction import doors as messages
from xinmei.interaction.models import DraftReply, Message
from xinmei.jobs import actions as jobs
from xinmei.jobs import doors as work
from xinmei.jobs.models import Job
from xinmei.notices import doors as outbox
from xinmei.notices.models import Delivery, Notice
from xinmei.packs import doors as words
from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.actions import personal_data
from xinmei.people.doors import Refused, actings_of, reach_to_do, reach_to_see, resolve_acting
from xinmei.people.events import PUBLIC, SYSTEM, Acting
from xinmei.people.models import Event, PositionHeld, PositionProposal, SignedIn
from xinmei.people.staff import doors as people
from xinmei.people.views import saved_views
from xinmei.publishing import doors as publishing
from xinmei.publishing.allowing import actions as allowing
from xinmei.publishing.models import AllowListEntry
from xinmei.registry import doors as registry
from xinmei.registry.models import ReadingChange
from xinmei.screening.models import Recall
from xinmei.supervision import doors as supervision
from xinmei.supervision.models import Finding
from xinmei.units.reach import CITY, NOTHING, SUBTREE
from xinmei.urging import doors as urging
from xinmei.urging.models import WorkOrder

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LOGINS = ("bian", "shen", "qian", "guan", "zhu", "cha", "tou", "wang", "xi", "an", "ji")  # one of each post
WORDS = Allowance("typos/按排", "按排")
FIELDS = {
    "category": "typo",
    "severity": "medium",
    "shelf": "confident",
    "terms": ["按排"],
    "reason": "词典",
    "hit": "按排工作",
    "miss": "安排工作",
}


def order_of(city: City) -> WorkOrder:
    return WorkOrder.objects.get(unit=city.units["DH"])


def held(login: str) -> int:
    """The number of the position that this person holds."""
    return PositionHeld.objects.get(person__login=login).pk


def one(status: str) -> int:
    """The number of a finding of DH in that state."""
    return Finding.objects.get(account__code="DH-1", status=status).pk


def entry() -> int:
    """The number of the own entry."""
    return OwnEntry.objects.get().pk


def demotion() -> int:
    """The number of the demotion."""
    return Demotion.objects.get().pk


def change(name: str = "week") -> ReadingChange:
    said = {
        "choice": "iso",
        "starts_on": TODAY,
        "reason": "统一",
        "proposed_by": "nobody",
        "proposed_name": "某人",
        "proposed_at": NOW,
    }
    return ReadingChange.objects.get_or_create(name=name, defaults=said)[0]


def reply() -> DraftReply:
    """A reply to the message of 东湖发布 that somebody drafted."""
    message = Message.objects.get(code="M-DH-1")
    said = {"text": "已办", "drafter": "nobody", "drafted_at": NOW}
    return DraftReply.objects.get_or_create(message=message, unit=message.account.unit, defaults=said)[0]


# The right of the second table, and the act; what it is done to is at DH, or belongs to nobody.
ACTS: dict[str, tuple[str, Callable[[City, Acting], Any]]] = {
    "draft an entry": ("draft_rules", lambda city, by: act("entry.draft", by=by, **FIELDS)),
    "revise an entry": ("draft_rules", lambda city, by: act("entry.revise", entry(), by=by, reason="公报")),
    "try an entry": ("draft_rules", lambda city, by: act("entry.try", entry(), by=by)),
    "release an entry": ("release_rules", lambda city, by: act("entry.release", entry(), by=by)),
    "end an entry": ("draft_rules", lambda city, by: act("entry.end", entry(), by=by, why="误报")),
    "propose a demotion": (
        "draft_rules",
        lambda city, by: act("demotion.propose", by=by, rule="typos/帐户", why="误报"),
    ),
    "decide a demotion": ("release_rules", lambda city, by: act("demotion.decide", demotion(), by=by, approve=True)),
    "restore a rule": ("release_rules", lambda city, by: act("demotion.restore", demotion(), by=by)),
    "register a look": (
        "answer",
        lambda city, by: act("patrol.look", by=by, account="DH-1", half="am"),
    ),
    "answer a message": ("answer", lambda city, by: act("message.answer", "M-DH-1", by=by, text="已办")),
    "moderate a comment": ("moderate", lambda city, by: act("message.moderate", "M-DH-1", by=by, publish=True)),
    "hand a message over": (
        "hand_over_message",
        lambda city, by: act("message.hand_over", "M-DH-1", by=by, unit="DH-TY", note="请答复"),
    ),
    "mark a message": (
        "mark_message",
        lambda city, by: act("message.mark", "M-DH-1", by=by, concrete_policy_question=True),
    ),
    "take a message back": ("take_back_message", lambda city, by: act("message.take_back", "M-DH-1", by=by)),
    "draft a reply": ("answer", lambda city, by: act("reply.draft", by=by, message="M-DH-1", text="已办")),
    "approve a reply": ("approve_reply", lambda city, by: act("reply.approve", reply().pk, by=by)),
    "have replies approved": ("set_reply_rule", lambda city, by: act("reply_rule.set", by=by, approval=True)),
    "set a term for reviews": ("set_review_term", lambda city, by: act("review_term.set", by=by, hours=4)),
    "answer an order": (
        "answer_order",
        lambda city, by: act("order.answer", order_of(city).pk, by=by, text="已答复"),
    ),
    "close an order": ("decide_order", lambda city, by: act("order.close", order_of(city).pk, by=by)),
    "return an order": ("decide_order", lambda city, by: act("order.return", order_of(city).pk, by=by, note="没有办")),
    "issue an order": (
        "issue_order",
        lambda city, by: act("order.issue", by=by, finding=str(one("NOTIFIED"))),
    ),
    "enter a fault": (
        "find",
        lambda city, by: act("finding.find", by=by, criterion="slow_update", account="DH-1", note="所见"),
    ),
    "confirm": ("confirm", lambda city, by: act("finding.confirm", one("SUSPECTED"), by=by)),
    "dismiss a suspicion": (
        "dismiss_suspected",
        lambda city, by: act("finding.dismiss", one("SUSPECTED"), by=by, why="误报"),
    ),
    "dismiss what was sent": (
        "dismiss_sent",
        lambda city, by: act("finding.dismiss", one("NOTIFIED"), by=by, why="误报"),
    ),
    "rectify": ("rectify", lambda city, by: act("finding.rectify", one("NOTIFIED"), by=by, note="已改")),
    "recheck": ("recheck", lambda city, by: act("finding.recheck", one("NOTIFIED"), by=by, cured=True)),
    "object": ("object", lambda city, by: act("finding.object", one("NOTIFIED"), by=by, why="平台故障")),
    "decide an objection": (
        "decide_objection",
        lambda city, by: act("finding.answer_objection", one("NOTIFIED"), by=by, upheld=True, why="成立"),
    ),
    "decide a recall": ("find", lambda city, by: act("recall.decide", Recall.objects.get().pk, by=by, fault=True)),
    "allow for a unit": (
        "allow_for_unit",
        lambda city, by: allowing.allow(WORDS, of=("", ""), unit=city.units["DH"], reason="地名", by=by, at=NOW),
    ),
    "allow for all": (
        "allow_for_all",
        lambda city, by: allowing.allow(WORDS, of=("", ""), unit=None, reason="地名", by=by, at=NOW),
    ),
    "end what is allowed": (
        "allow_for_unit",
        lambda city, by: act("allowance.end", AllowListEntry.objects.filter(unit__isnull=False)[0].pk, by=by),
    ),
    "end what is allowed for all": (
        "allow_for_all",
        lambda city, by: act("allowance.end", AllowListEntry.objects.get(unit__isnull=True).pk, by=by),
    ),
    "propose a reading": (
        "propose_reading",
        lambda city, by: act(
            "reading.propose", by=by, name="week", choice="rolling", starts_on=str(TODAY), reason="统一"
        ),
    ),
    "decide a reading": ("change_reading", lambda city, by: act("reading.decide", change().pk, by=by, approve=True)),
    "send a notice again": (
        "resend_notice",
        lambda city, by: act("notice.resend", Delivery.objects.get(notice__unit=city.units["DH"]).pk, by=by),
    ),
    "end a session": (
        "end_sessions",
        lambda city, by: act("session.end", SignedIn.objects.get(person=city.people["jiao"]).pk, by=by),
    ),
    "unlock": ("unlock", lambda city, by: act("person.unlock", city.people["jiao"].pk, by=by)),
    "reset a second factor": (
        "unlock",
        lambda city, by: act("person.reset_second_factor", city.people["jiao"].pk, by=by),
    ),
    "reveal": (
        "reveal",
        lambda city, by: personal_data.reveal("phone", kind="account", number="DH-1", reason="联系整改", by=by, at=NOW),
    ),
    "give a post": (
        "give_unit_posts",
        lambda city, by: act("position.give", (), by=by, person="nopost", post="editor", starts_on=str(TODAY)),
    ),
    "end a post": ("give_unit_posts", lambda city, by: act("position.end", held("bian"), by=by, ends_on=str(TODAY))),
    "propose a post": (
        "propose_posts",
        lambda city, by: act(
            "position.propose",
            (),
            by=by,
            person="nopost",
            unit="CZ",
            post="observer",
            starts_on=str(TODAY),
            reason="任命",
        ),
    ),
    "propose an end": (
        "propose_posts",
        lambda city, by: act("position.propose_end", held("wang"), by=by, ends_on=str(TODAY), reason="调离"),
    ),
    "decide a post": (
        "approve_posts",
        lambda city, by: act("position.approve", PositionProposal.objects.get().pk, by=by, approve=True),
    ),
    "start an inspection": ("inspect", lambda city, by: act("job.inspect", by=by)),
    "start a drill": ("rescreen", lambda city, by: act("job.drill", by=by)),
    "screen again": ("rescreen", lambda city, by: act("job.rescreen", by=by)),
    "look at links": ("rescreen", lambda city, by: act("job.check_links", by=by)),
    "read pictures": ("rescreen", lambda city, by: act("job.read_pictures", by=by)),
    "read a feed": ("inspect", lambda city, by: act("job.read_feed", by=by, account="DH-1")),
    "set a feed": (
        "change_settings",
        lambda city, by: act("feed.set", by=by, account="DH-1", address="https://example.cn/feed"),
    ),
    "start an import": ("import_facts", lambda city, by: jobs.start("import", by=by, at=NOW)),
    "start a backup": ("back_up", lambda city, by: act("job.back_up", by=by)),
    "rehearse a backup": ("back_up", lambda city, by: act("job.rehearse", by=by)),
}


# Each way to an object, as doors.txt names it, without the view in front of it.
GETTERS = {
    getter.__name__: getter
    for getter in (
        *(registry.account_for, registry.contact_for, registry.unit_for),
        *(people.person_for, people.hand_over_for, saved_views.saved_view_for),
        *(
            publishing.post_for,
            messages.message_for,
            sheets.unit_with_sheet,
            outbox.notice_for,
        ),
        *(work.job_for, words.entry_for, urging.order_for),
        *(supervision.finding_for, supervision.inspection_for),
    )
}
WAYS = sorted(
    {
        door.what
        for door in matrix.written_down().values()
        if door.kind == "object" and door.what.partition(":")[0] in GETTERS
    }
)


@pytest.fixture
def city() -> City:
    return build_people(build_city())


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_refused_to_whoever_lacks_the_right(city, name):
    right, do = ACTS[name]
    make_things(city)
    for login in LOGINS:
        if PEOPLE[login][2] not in matrix.DOES[right]:
            with pytest.raises((Refused, NotFound)):  # what is out of reach does not exist
                do(city, act_as(city, login))
    assert not Event.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_an_object_is_given_to_whom_it_belongs_and_to_act_on_to_whoever_has_the_right(city, way):
    name, _, to = way.partition(":")
    wanted = {} if to == "read" else {"to": to}
    things = make_things(city)[name]
    for login in LOGINS:
        by = act_as(city, login)
        for thing in things:
            expected = matrix.may_meet(name, to, login, thing)
            try:
                met = 200 if GETTERS[name](by, thing.key, **wanted) else 0
            except Http404:
                met = 404
            except Refused:
                met = 403
            assert met == expected, (login, thing)


def test_an_inspector_who_holds_a_post_at_the_unit_sets_nothing_aside_there(city):
    PositionHeld.objects.create(
        person=city.people["cha"], unit=city.units["DH"], position="section_head", starts_on=TODAY
    )
    by = next(acting for acting in actings_of(city.people["cha"], NOW) if acting.position == "inspector")
    with pytest.raises(Refused, match="应回避"):
        allowing.allow(WORDS, of=("", ""), unit=city.units["DH"], reason="地名", by=by, at=NOW)
    assert (
        allowing.allow(WORDS, of=("", ""), unit=city.units["SW"], reason="地名", by=by, at=NOW).unit == city.units["SW"]
    )


def test_whoever_is_no_longer_active_acts_as_nobody(city):
    city.people["cha"].is_active = False
    city.people["cha"].save()
    assert actings_of(city.people["cha"], NOW) == []
    with pytest.raises(Refused, match="不担任任何岗位"):
        resolve_acting("cha", NOW, verb="confirm")


def test_of_several_posts_the_one_that_has_the_right_acts(city):
    PositionHeld.objects.create(
        person=city.people["shen"], unit=city.units["DH"], position="unit_admin", starts_on=TODAY
    )
    assert resolve_acting("shen", NOW).position == "section_head"
    assert resolve_acting("shen", NOW, verb="rectify").position == "unit_admin"


def test_a_post_that_is_over_or_only_begins_acts_no_more_and_not_yet(city):
    held = PositionHeld.objects.get(person=city.people["cha"])
    for starts_on, ends_on, acts in (
        (TODAY, TODAY, True),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
        (TODAY + timedelta(days=1), None, False),
    ):
        PositionHeld.objects.filter(pk=held.pk).update(starts_on=starts_on, ends_on=ends_on)
        assert bool(actings_of(city.people["cha"], NOW)) == acts


def test_the_system_and_whoever_comes_where_there_are_no_people_sees_and_does_everything(city):
    make_things(city)
    assert (reach_to_see(SYSTEM, "findings_unsent"), reach_to_do(SYSTEM, "confirm")) == (CITY, CITY)
    assert outbox.notices_visible_to(SYSTEM).count() == Notice.objects.count() > 0


def test_the_public_asked_for_no_job_not_even_for_one_that_nobody_asked_for(city):
    Job.objects.create(kind="inspection", key="of the rules", asked_at=NOW, due_at=NOW, next_try_at=NOW)
    assert not work.jobs_visible_to(PUBLIC).exists()


def test_a_supervisor_sees_and_decides_what_was_not_sent_only_where_the_office_has_set_it_so(city, settings):
    zhu, bian = act_as(city, "zhu"), act_as(city, "bian")
    for by_setting, letter in ((False, NOTHING), (True, SUBTREE)):
        settings.SUPERVISORS_CONFIRM = by_setting
        assert (reach_to_see(zhu, "findings_unsent"), reach_to_do(zhu, "confirm")) == (letter, letter)
        assert (reach_to_see(bian, "findings_unsent"), reach_to_do(bian, "confirm")) == (NOTHING, NOTHING)
