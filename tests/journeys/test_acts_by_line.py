"""One act a line: the order of the checks, keys, objects that other lines made, and what a person sees."""

from __future__ import annotations

import base64
import json

import pytest

from tests.cast import NOW, City, build_city, build_people
from tests.house.things import make_finding
from xinmei.acts.lines import Answering
from xinmei.acts.models import Answer
from xinmei.acts.showing import kind_named, show
from xinmei.core.refusals import NotFound
from xinmei.people.models import Event, PositionHeld
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
AT = NOW.isoformat()


@pytest.fixture
def city() -> City:
    return build_people(build_city())


@pytest.fixture
def sent(city: City) -> Finding:
    return make_finding(city, "DH-1", "NOTIFIED")


def do(*lines: dict[str, object]) -> list[dict[str, object]]:
    run = Answering(lambda: NOW)
    return [run.answer({"at": AT, **line}) for line in lines]


def refused(**line: object) -> object:
    return do(line)[0].get("refused")


def test_the_first_check_that_fails_answers(sent: Finding) -> None:
    # input, right (no such person), not found, right (not theirs), state, input (a field): each hides those after it
    act = {"verb": "finding.recheck", "on": "987", "by": "nobody", "with": {"cured": "perhaps"}}
    assert refused(**act, extra=1) == "input"
    assert refused(**act) == "right"
    assert refused(**{**act, "by": "cha"}) == "not_found"
    assert refused(**{**act, "on": sent.pk, "by": "bian"}) == "right"
    assert refused(**{**act, "on": sent.pk, "by": "cha"}) == "state"
    Finding.objects.update(status="RECTIFIED")
    assert refused(**{**act, "on": sent.pk, "by": "cha"}) == "input"
    assert do({**act, "on": sent.pk, "by": "cha", "with": {"cured": True}})[0]["ok"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "finding.praise"},
        {"verb": None},
        {"by": ""},
        {"by": 7},
        {"as": "inspector"},
        {"as": 1},
        {"at": "yesterday"},
        {"at": 20260302},
        {"on": None},
        {"on": True},
        {"on": {"line": 1, "more": 2}},
        {"key": ""},
        {"key": "k" * 201},
        {"with": []},
    ],
    ids=str,
)
def test_a_broken_line_is_refused_as_input_and_says_what_is_allowed(sent: Finding, wrong: dict[str, object]) -> None:
    (answer,) = do({"verb": "finding.confirm", "on": sent.pk, "by": "cha", **wrong})
    assert answer["refused"] == "input"
    assert answer["errors"]
    assert answer["why"]


def test_a_verb_that_makes_an_object_takes_no_number(city: City) -> None:
    given = {"account": "SW-1", "criterion": "misnamed", "note": "名称与职责无关"}
    assert refused(verb="finding.find", by="cha", on="1", **{"with": given}) == "input"


def test_a_line_names_what_another_line_made_and_a_line_that_failed_made_nothing(city: City) -> None:
    given = {"account": "SW-1", "criterion": "misnamed", "note": "名称与职责无关"}
    made, confirmed, none, lost = do(
        {"id": "a", "verb": "finding.find", "by": "cha", "with": given},
        {"id": 2, "verb": "finding.confirm", "on": {"line": "a"}, "by": "tan"},
        {"id": 3, "verb": "finding.find", "by": "bian", "with": given},
        {"id": 4, "verb": "finding.confirm", "on": {"line": 3}, "by": "tan"},
    )
    assert (made["ok"], confirmed["ok"]) == (True, True)
    assert confirmed["on"] == made["on"]
    assert (none["refused"], lost["refused"]) == ("right", "not_found")


def test_a_key_acts_once_and_gives_the_first_answer_again_refusals_too(sent: Finding) -> None:
    act = {"verb": "finding.rectify", "on": str(sent.pk), "by": "bian", "with": {"note": "已更正"}, "key": "k"}
    first, again, other = do({"id": 1, **act}, {"id": 2, **act}, {"id": 3, **act, "with": {"note": "别的"}})
    assert (first["id"], again["id"]) == (1, 2)
    assert {**again, "id": 1} == first
    assert other["refused"] == "input"
    assert Event.objects.filter(verb="rectify").count() == 1
    late = {"verb": "finding.object", "on": str(sent.pk), "by": "qian", "key": "q"}
    assert do(late)[0] == do(late)[0]
    assert Answer.objects.count() == 2
    assert do({**act, "by": "guan"})[0]["refused"] == "state", "the key is the person's own"


def test_an_act_before_the_last_step_is_refused_and_one_at_the_same_moment_is_not(sent: Finding) -> None:
    do({"verb": "finding.rectify", "on": sent.pk, "by": "bian", "with": {"note": "已更正"}})
    recheck = {"verb": "finding.recheck", "on": sent.pk, "by": "cha", "with": {"cured": True}}
    assert refused(**recheck, at=NOW.replace(hour=9).isoformat()) == "state"
    assert do({**recheck, "at": AT})[0]["ok"]


def test_a_refusal_for_lack_of_right_leaves_an_event_of_a_known_person_only(sent: Finding) -> None:
    assert refused(verb="finding.recheck", on=sent.pk, by="bian") == "right"
    assert refused(verb="finding.recheck", on=sent.pk, by="nobody") == "right"
    event = Event.objects.get(verb="refuse")
    assert (event.actor, event.object_kind, event.object_id) == ("bian", "finding", str(sent.pk))


def test_the_position_that_acts_is_the_one_named_or_the_first_that_may(city: City, sent: Finding) -> None:
    PositionHeld.objects.create(
        person=city.people["shen"], unit=city.units["DH"], position="unit_admin", starts_on=NOW.date()
    )
    act = {"verb": "finding.rectify", "on": sent.pk, "by": "shen", "with": {"note": "已更正"}}
    assert refused(**act, **{"as": "section_head@DH"}) == "right"
    assert refused(**act, **{"as": "unit_admin@SW"}) == "right"
    assert do(act)[0]["ok"]
    assert Event.objects.get(verb="rectify").position == "unit_admin"


def test_a_file_comes_as_name_and_base64(sent: Finding) -> None:
    file = {"name": "改后.txt", "base64": base64.b64encode("已改".encode()).decode()}
    for broken in ("改后.txt", {"name": "改后.txt"}, {**file, "base64": "不是"}):
        answer = do({"verb": "finding.rectify", "on": sent.pk, "by": "bian", "with": {"evidence": broken}})[0]
        assert answer["refused"] == "input"
    assert do({"verb": "finding.rectify", "on": sent.pk, "by": "bian", "with": {"evidence": file}})[0]["ok"]
    proof = sent.history.get(verb="rectify").evidence
    assert proof is not None
    assert proof.read().decode() == "已改"


def test_what_a_person_no_longer_sees_is_null_in_the_answer(city: City) -> None:
    # a suspicion that is dismissed is not shown to supervisors, who may decide by the office's setting
    suspected = make_finding(city, "DH-1", "SUSPECTED")
    answer = do({"verb": "finding.dismiss", "on": suspected.pk, "by": "cha", "with": {"why": "误报"}})[0]
    assert answer["object"]["status"] == "DISMISSED"  # type: ignore[index]


def test_a_person_sees_the_rows_of_their_list(city: City, sent: Finding) -> None:
    make_finding(city, "SW-1", "NOTIFIED")

    def seen(login: str, number: str | None = None, **where: str) -> list[str]:
        rows = show(kind_named("finding"), number, login=login, position=None, at=NOW, where=where)
        return [str(row["account"]) for row in rows]

    assert seen("cha") == ["DH-1", "SW-1"]
    assert seen("bian") == ["DH-1"]
    assert seen("cha", status="CLOSED") == []
    assert seen("cha", unit="SW") == ["SW-1"]
    assert seen("bian", str(sent.pk)) == ["DH-1"]
    with pytest.raises(NotFound):
        seen("lin", str(sent.pk))


def test_answers_are_json(sent: Finding) -> None:
    assert json.loads(json.dumps(do({"verb": "finding.rectify", "on": sent.pk, "by": "bian"})))
