"""The document tells the truth: what an act takes, what an object is, and how each refusal looks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import jsonschema_rs
import pytest
import time_machine
from django.test import Client
from typing_extensions import is_typeddict

from tests.cast import NOW, PEOPLE, City, act, build_city, build_people
from tests.house.acts import CASES
from tests.house.things import make_things
from xinmei.acts.declared import kinds, verbs
from xinmei.acts.showing import show
from xinmei.api.document import write_document
from xinmei.api.shapes import AnyObject, schema_of, shape_of
from xinmei.people.events import PUBLIC

pytestmark = pytest.mark.django_db
DOCUMENT = json.loads(json.dumps(write_document()))


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        made = build_people(build_city())
        make_things(made)
        yield made


def closed(name: str) -> dict[str, Any]:
    """The schema of that name; what it does not name is an error."""
    definitions = json.loads(json.dumps(DOCUMENT["components"]["schemas"]))
    for one in definitions.values():
        if one.get("type") == "object" and "properties" in one:
            one["additionalProperties"] = False
    return {"$ref": f"#/components/schemas/{name}", "components": {"schemas": definitions}}


def test_it_is_served_as_openapi_3_1_to_everybody() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json() == DOCUMENT


def test_every_verb_and_every_kind_is_told_once() -> None:
    told = [one["operationId"] for path in DOCUMENT["paths"].values() for one in path.values()]
    on_both = sum(verb.also for verb in verbs().values())  # made anew, or done to one that is there
    assert len(told) == len(set(told)) == len(verbs()) + on_both + 2 * len(kinds())


# What the city of the tests has not.
MADE = (
    *("cleaning.keep", "archive.make", "case.open", "report.make", "exemption.grant", "source.add", "custody.record"),
    *("reply.draft", "known_answer.keep", "reply_rule.set", "filing.write", "comparison.start", "draft.write"),
    *("channel.connect", "sending.start", "function.add", "template.keep"),
    "review_term.set",
)


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_kind_says_what_it_is(name: str) -> None:
    assert shape_of(kinds()[name]) is not AnyObject, "let `show` return a TypedDict"


def shapes_in(hint: Any) -> Iterator[Any]:
    """The shapes that a type is made of, itself included."""
    parts = get_type_hints(hint).values() if is_typeddict(hint) else get_args(hint)
    yield from [hint] if is_typeddict(hint) else []
    for part in parts:
        yield from shapes_in(part)


def test_no_two_shapes_have_one_name() -> None:
    """The document names them by it: the second would stand for both."""
    found = {shape for kind in kinds().values() for shape in shapes_in(shape_of(kind))}
    assert [name for name, count in Counter(shape.__name__ for shape in found).items() if count > 1] == []


def test_every_object_is_as_its_schema_says_and_has_nothing_besides(city: City) -> None:
    act("webhook.add", by="guan", address="https://example.cn/hook")
    act("patrol.look", by="bian", account=["DH-1"], half="am", checked=["messages"], note="正常")
    act("reading.propose", by="cha", name="week", choice="rolling", starts_on="2026-05-12", reason="统一")
    act("feed.set", by="xi", account="DH-1", address="https://example.cn/feed")
    CASES["errand.again"].number(city)
    for name in MADE:
        case = CASES[name]
        act(name, *([case.number(city)] if case.on else []), by=case.by or PUBLIC, **case.with_(city))
    nudge = CASES["nudge.send"]
    act("nudge.send", by=nudge.by, **nudge.with_(city))
    for name, kind in kinds().items():
        validator = jsonschema_rs.validator_for(closed(shape_of(kind).__name__))
        shown = [row for login in PEOPLE for row in show(kind, None, login=login, position=None, at=NOW, where={})]
        assert shown, name
        for row in shown:
            validator.validate(json.loads(json.dumps(row)))


@pytest.mark.parametrize("name", sorted(verbs()))
def test_what_is_given_in_each_case_is_as_the_schema_says(city: City, name: str) -> None:
    jsonschema_rs.validate(schema_of(verbs()[name]), CASES[name].with_(city))


def test_every_refusal_is_a_problem() -> None:
    for path in DOCUMENT["paths"].values():
        for operation in path.values():
            refusals = {status: one for status, one in operation["responses"].items() if status != "200"}
            assert {"401", "429"} <= set(refusals)
            assert all(set(one["content"]) == {"application/problem+json"} for one in refusals.values())
