"""Acts on people by `xinmei do`: what is made is named, what is shown once is shown once, what is out of reach is absent."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import NOW, City, build_city, build_people
from xinmei.acts.lines import Answering
from xinmei.acts.models import Answer
from xinmei.people.models import Event, Person, PositionHeld

pytestmark = pytest.mark.django_db
TODAY = str(NOW.date())


@pytest.fixture
def city() -> City:
    return build_people(build_city())


@pytest.fixture
def run(city: City) -> Answering:
    return Answering(lambda: NOW)


def test_the_password_of_somebody_new_is_answered_once_and_stored_nowhere(run):
    sent = {"key": "k", "verb": "person.add", "by": "xi", "with": {"login": "xin", "name": "辛新人"}}
    first = run.answer(sent)
    once, person = first["once"], Person.objects.get(login="xin")
    assert person.check_password(once)
    assert (first["kind"], first["on"], first["object"]["login"]) == ("person", str(person.pk), "xin")
    again = run.answer(sent)
    assert again == {**first, "once": None}
    kept = json.dumps(list(Answer.objects.values()), default=str) + json.dumps(
        list(Event.objects.values()), default=str
    )
    assert once not in kept
    assert Person.objects.filter(login="xin").count() == 1


def test_an_administrator_of_a_unit_adds_somebody_with_the_first_position(run):
    fields = {"login": "xin", "name": "辛新人", "post": "editor", "starts_on": TODAY}
    refused = run.answer({"verb": "person.add", "by": "xi", "with": fields})
    assert (refused["refused"], [one["field"] for one in refused["errors"]]) == ("input", ["post", "starts_on"])
    done = run.answer({"verb": "person.add", "by": "guan", "with": fields})
    assert [(one["unit"], one["post"]) for one in done["object"]["positions"]] == [("DH", "editor")]


def test_a_proposal_is_named_by_the_line_that_made_it(run):
    fields = {"person": "bian", "unit": "CZ", "post": "observer", "starts_on": TODAY, "reason": "任命"}
    made = run.answer({"id": 1, "verb": "position.propose", "by": "xi", "with": fields})
    assert made["kind"] == "proposal"
    assert made["object"]["state"] == "waiting"
    approved = run.answer({"verb": "position.approve", "on": {"line": 1}, "by": "an", "with": {"approve": True}})
    assert approved["object"]["state"] == "approved"
    assert PositionHeld.objects.filter(person__login="bian", position="observer").exists()
    late = run.answer({"verb": "position.approve", "on": {"line": 1}, "by": "an", "with": {"approve": False}})
    assert late["refused"] == "state"


def test_an_act_on_a_position_answers_what_it_made(run, city):
    held = city.people["qian"].positions.get().pk
    span = {"person": "shen", "starts_on": TODAY, "ends_on": TODAY}
    made = run.answer({"id": 1, "verb": "position.delegate", "on": held, "by": "qian", "with": span})
    assert (made["kind"], made["object"]["holder"], made["object"]["person"]) == ("delegation", "qian", "shen")
    assert run.answer({"verb": "position.recall", "on": {"line": 1}, "by": "shen"})["refused"] == "not_found"
    assert run.answer({"verb": "position.recall", "on": {"line": 1}, "by": "qian"})["object"]["ended_at"]
    opened = run.answer({"id": 2, "verb": "handover.offer", "on": held, "by": "qian", "with": {"person": "shen"}})
    assert opened["object"]["state"] == "opened"
    done = {"done": opened["object"]["checklist"]}
    early = {
        "verb": "handover.give",
        "on": {"line": 2},
        "by": "qian",
        "at": str(NOW - timedelta(hours=1)),
        "with": done,
    }
    assert run.answer(early)["refused"] == "state"  # before it was opened
    given = run.answer({"verb": "handover.give", "on": {"line": 2}, "by": "qian", "with": done})
    assert given["object"]["done"] == given["object"]["checklist"]
    assert run.answer({"verb": "handover.accept", "on": {"line": 2}, "by": "shen"})["object"]["state"] == "taken"


def test_a_refusal_for_lack_of_right_leaves_an_event_and_of_the_position_that_acts_nothing_is_left_over(run, city):
    held = city.people["guan"].positions.get().pk
    answer = run.answer({"verb": "position.end", "on": held, "by": "guan", "with": {"ends_on": TODAY}})
    assert answer["refused"] == "right"
    assert Event.objects.get().verb == "refuse"


def test_of_several_units_the_one_that_is_named_gives(run, city):
    for unit in ("DH", "SW"):
        PositionHeld.objects.create(
            person=city.people["shen"], unit=city.units[unit], position="unit_admin", starts_on=NOW.date()
        )
    fields = {"person": "lin", "unit": "SW", "post": "leader", "starts_on": TODAY}
    assert run.answer({"verb": "position.give", "by": "shen", "with": fields})["object"]["unit"] == "SW"
