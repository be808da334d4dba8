"""「Races have one winner: two approvers, double clicks」

Of two people who act at the same moment one succeeds and the other is told so; it is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.at_once import at_once
from tests.cast import NOW, City, act, act_as
from tests.lived import finding_of, live_two_months
from xinmei.core.refusals import NotNow
from xinmei.core.rulebook import readings
from xinmei.packs.actions import keep_trial
from xinmei.packs.in_use import shipped
from xinmei.people.doors import Refused
from xinmei.people.models import Event
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
TOLD = (NotNow,)
Act = Callable[[int], Any]


def _two_heads(city: City) -> list[Any]:
    head = act_as(city, "tou")
    return [head, replace(head, login="another", name="另一位")]


def confirm(city: City) -> Act:
    suspected, by = Finding.objects.filter(status="SUSPECTED").first(), [act_as(city, "cha"), act_as(city, "tan")]
    assert suspected is not None
    return lambda place: act("finding.confirm", [suspected.pk], by=by[place], at=NOW)


def rectify(city: City) -> Act:
    by = act_as(city, "bian")
    return lambda _: act("finding.rectify", [finding_of("DH-1").pk], by=by, at=NOW)


def object_to(city: City) -> Act:
    by = act_as(city, "qian")
    return lambda _: act("finding.object", finding_of("DH-1").pk, by=by, at=NOW, why="不是错字")


def issue_order(city: City) -> Act:
    by = [act_as(city, "cha"), act_as(city, "tan")]
    return lambda place: act("order.issue", by=by[place], finding=str(finding_of("DH-1").pk))


def answer(city: City) -> Act:
    by = act_as(city, "bian")
    return lambda _: act("message.answer", "M1", by=by, text="已处理。")


def hand_over_message(city: City) -> Act:
    by = act_as(city, "bian")

    def once(_: int) -> object:
        try:
            return act("message.hand_over", "M1", by=by, unit="DH-TY", note="请答复")
        except Refused as refused:  # who came second finds that another unit must answer
            raise NotNow(str(refused)) from refused

    return once


def patrol(city: City) -> Act:
    by = act_as(city, "bian")
    return lambda _: act("patrol.look", by=by, account="DH-1", half="am")


def _other_choice() -> tuple[str, str]:
    one = next(one for one in readings().values() if len(one.choices) > 1)
    return one.name, next(choice for choice in one.choices if choice != one.default)


def propose_reading(city: City) -> Act:
    by, (name, choice) = [act_as(city, "cha"), act_as(city, "tan")], _other_choice()
    said = {"name": name, "choice": choice, "starts_on": NOW.date().isoformat(), "reason": "会议纪要"}
    return lambda place: act("reading.propose", by=by[place], **said)


def change_reading(city: City) -> Act:
    name, choice = _other_choice()
    said = {"name": name, "choice": choice, "starts_on": NOW.date().isoformat(), "reason": "会议纪要"}
    change, heads = act("reading.propose", by="cha", **said), _two_heads(city)
    return lambda place: act("reading.decide", change.pk, by=heads[place], approve=True)


def propose_demotion(city: City) -> Act:
    by, rule = [act_as(city, "cha"), act_as(city, "tan")], min(shipped().packs[0].names)
    return lambda place: act("demotion.propose", by=by[place], rule=rule, why="误报多")


def approve_demotion(city: City) -> Act:
    demotion = act("demotion.propose", by="cha", rule=min(shipped().packs[0].names), why="误报多")
    heads = _two_heads(city)
    return lambda place: act("demotion.decide", demotion.pk, by=heads[place], approve=True)


def release_entry(city: City) -> Act:
    words = {"terms": ["澄洲市"], "suggest": "澄州市", "category": "typo", "severity": "medium", "shelf": "confident"}
    rest = {"reason": "公报", "hit": "澄洲市召开会议", "miss": "澄州市召开会议"}
    entry, since = act("entry.draft", by="cha", **words, **rest), NOW - timedelta(days=31)
    keep_trial(entry, since=since, posts=9, hits=0, allowed=20, sample=[], by=act_as(city, "cha"), at=NOW)
    heads = _two_heads(city)
    return lambda place: act("entry.release", entry.pk, by=heads[place])


ACTS: list[Callable[[City], Act]] = [
    confirm,
    rectify,
    object_to,
    issue_order,
    answer,
    hand_over_message,
    patrol,
    propose_reading,
    change_reading,
    propose_demotion,
    approve_demotion,
    release_entry,
]


@pytest.mark.parametrize("prepare", ACTS, ids=lambda prepare: prepare.__name__)
def test_of_two_at_once_one_does_it_and_the_other_is_told(prepare: Callable[[City], Act]) -> None:
    act, ended, places = prepare(live_two_months()), list[str](), count()
    before = list(Event.objects.values_list("pk", flat=True))

    def run() -> None:
        try:
            act(next(places))
            ended.append("did it")
        except TOLD:
            ended.append("was told")

    at_once(2, run)
    assert sorted(ended) == ["did it", "was told"]
    written = list(Event.objects.exclude(pk__in=before).values_list("verb", "object_kind", "object_id"))
    assert written
    assert len(set(written)) == len(written)
