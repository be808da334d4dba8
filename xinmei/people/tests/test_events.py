"""The event log: chained, append-only, signed; personal data only as commitments."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, act, act_as, build_city, build_people, make_person, sign_in
from xinmei.people import append_only
from xinmei.people.actions.personal_data import erase_person, reveal
from xinmei.people.alarms import alarms
from xinmei.people.checkpoints import verify_chain, write_checkpoint
from xinmei.people.doors import Refused, events_visible_to
from xinmei.people.events import PUBLIC, SYSTEM, commit_to, record, record_many
from xinmei.people.models import Event, Particular, Person
from xinmei.people.sealing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(tmp_path, settings):
    settings.CHECKPOINTS, settings.CHECKPOINT_KEY = str(tmp_path / "checkpoints.jsonl"), tmp_path / "key.pem"
    return tmp_path / "checkpoints.jsonl"


def unsealed_events(count: int = 8) -> None:
    record_many(
        "inspect", by=SYSTEM, at=NOW, kind="inspection", acts=[(number, {"n": number}) for number in range(count)]
    )


def some_events(count: int = 8) -> None:
    unsealed_events(count)
    seal()


def test_an_event_is_written_in_the_transaction_of_its_act(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        record("inspect", by=SYSTEM, at=NOW, kind="inspection", number=1)


def test_a_whole_chain_is_whole(outside):
    some_events()
    write_checkpoint(NOW)
    assert verify_chain(outside) == (8, 1, [])


def test_the_page_lists_ones_own_acts_and_to_the_auditor_all():
    city = build_people(build_city())
    for login in ("cha", "bian"):
        record("inspect", by=act_as(city, login), at=NOW, kind="inspection", number=f"从{login}来")
    for login, reads in (("bian", ["bian"]), ("cha", ["cha"]), ("tou", []), ("an", []), ("ji", ["bian", "cha"])):
        page = sign_in(Client(), city.people[login]).get("/events/?object=从cha来").content.decode()
        page += sign_in(Client(), city.people[login]).get("/events/?object=从bian来").content.decode()
        assert [one for one in ("bian", "cha") if f"<td>从{one}来" in page or f"（{one}）</span>" in page] == reads, (
            login
        )


def test_the_auditor_finds_an_act_by_name_and_since_a_day_in_words():
    city = build_people(build_city())
    for login, days in (("cha", 0), ("bian", 3)):
        record(
            "inspect", by=act_as(city, login), at=NOW - timedelta(days=days), kind="inspection", number=f"从{login}来"
        )
    auditor = sign_in(Client(), city.people["ji"])
    by_name = auditor.get("/events/", {"actor": city.people["cha"].name}).content.decode()
    assert "从cha来" in by_name
    assert "从bian来" not in by_name
    for day in ("2026-05-12", "2026年5月12日"):
        since = auditor.get("/events/", {"since": day}).content.decode()
        assert "从cha来" in since
        assert "从bian来" not in since
        assert 'value="2026年5月12日"' in since
    for day in ("2026-02-30", "昨天"):
        refused = auditor.get("/events/", {"since": day}).content.decode()
        assert f"写的是“{day}”，应是一天，如 2026年5月12日" in refused


def test_a_person_who_was_acted_on_is_named_to_those_who_see_people():
    city = build_people(build_city())
    record("unlock", by=act_as(city, "an"), at=NOW, kind="person", number=city.people["bian"].pk)
    for login, named in (("an", True), ("ji", False)):
        page = sign_in(Client(), city.people[login]).get("/events/").content.decode()
        assert (city.people["bian"].name in page) == named, login


def test_a_unit_that_was_acted_on_is_named():
    city = build_people(build_city())
    record("inspect", by=act_as(city, "cha"), at=NOW, kind="unit", number="DH")
    assert f"{city.units['DH'].name}（DH）" in sign_in(Client(), city.people["ji"]).get("/events/").content.decode()


@pytest.mark.parametrize(
    "field",
    ["at", "actor", "position", "unit", "address", "verb", "object_kind", "object_id", "content", "previous", "digest"],
)
def test_a_changed_field_is_found(outside, field):
    some_events()
    Event.objects.filter(number=4).update(**{field: NOW.replace(year=2025) if field == "at" else "x"})
    flaws = verify_chain(None)[2]
    assert 4 in {flaw.number for flaw in flaws}


def test_a_deleted_event_is_found(outside):
    some_events()
    Event.objects.filter(number=4).delete()
    assert verify_chain(None)[2]


def test_a_cut_tail_is_found_by_the_checkpoint(outside):
    some_events()
    write_checkpoint(NOW)
    Event.objects.filter(number__gte=6).delete()
    assert not verify_chain(None)[2]
    assert "尾部被截去" in verify_chain(outside)[2][0].what


def test_a_chain_rewritten_as_a_whole_is_found_by_the_checkpoint(outside):
    some_events()
    write_checkpoint(NOW)
    Event.objects.all().delete()
    some_events(7)
    record("inspect", by=SYSTEM, at=NOW, kind="inspection", number="another")
    seal()
    assert not verify_chain(None)[2]
    assert "整体改写" in verify_chain(outside)[2][0].what


def test_a_checkpoint_that_another_key_signed_is_none(outside):
    some_events()
    write_checkpoint(NOW)
    line = json.loads(outside.read_text())
    outside.write_text(json.dumps(line | {"number": 7}) + "\n")
    assert verify_chain(outside)[2]


def test_every_hundredth_event_signs_a_checkpoint(outside, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        some_events(99)
    assert not outside.exists()
    with django_capture_on_commit_callbacks(execute=True):
        some_events(1)
    assert json.loads(outside.read_text())["number"] == 100


def refused(statement: str) -> bool:
    """Whether the database itself refuses it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "只可追加" in str(error)
    return False


def test_the_database_itself_lets_an_event_be_sealed_and_nothing_else(outside):
    append_only.install(connection)
    try:
        some_events(2)
        unsealed_events(1)
        columns = "at, actor, post, unit, address, verb, object_kind, object_id, content, written_at"
        waiting = Event.objects.get(number=None).pk
        sealing = "UPDATE people_event SET previous = 'a', digest = 'b', number"
        for statement in (
            "UPDATE people_event SET actor = 'x'",
            "UPDATE people_event SET number = NULL WHERE number = 2",
            f"UPDATE people_event SET actor = 'x' WHERE id = {waiting}",
            f"{sealing} = 4 WHERE id = {waiting}",
            f"{sealing} = 3, actor = 'x' WHERE id = {waiting}",
            "DELETE FROM people_event",
            f"DELETE FROM people_event WHERE id = {waiting}",
            f"INSERT INTO people_event (number, previous, digest, {columns}) SELECT 3, 'a', 'b', {columns} "
            "FROM people_event WHERE number = 1",
        ):
            assert refused(statement), statement
        if connection.vendor == "sqlite":
            assert refused("INSERT OR REPLACE INTO people_event SELECT * FROM people_event WHERE number = 1")
            assert refused(
                f"INSERT OR REPLACE INTO people_event (id, {columns}) SELECT id, {columns} FROM people_event "
                "WHERE number = 1"
            )
        some_events(1)
        assert verify_chain(None) == (4, 0, [])
    finally:
        append_only.remove(connection)


def test_personal_data_enter_as_commitments_and_can_be_erased(outside):
    build_people(build_city())
    who = {"login": "xin", "name": "辛新人", "phone": "13912345678", "email": "xin@example.cn"}
    day = str(NOW.date())
    person = act("person.add", (), by="guan", **who, post="editor", starts_on=day, ends_on=day)
    event = Event.objects.get(verb="add_person")
    assert "13912345678" not in event.content
    kept = Particular.objects.get(name="phone")
    assert json.loads(event.content)["commitments"]["phone"] == commit_to("phone", "13912345678", kept.key)
    with pytest.raises(Refused):
        erase_person("xin", by=SYSTEM, at=NOW)
    assert erase_person("xin", by=SYSTEM, at=NOW.replace(day=14)) == 3
    assert not Particular.objects.exists()
    seal()
    assert Person.objects.get(pk=person.pk).phone == ""
    assert not verify_chain(None)[2]


def test_each_sees_of_the_log_what_is_theirs():
    city = build_people(build_city())
    for login, verb in (("bian", "rectify"), ("cha", "confirm"), ("bian", "sign_in")):
        record(verb, by=act_as(city, login), at=NOW, kind="finding", number=1)
    seen = {
        login: set(events_visible_to(act_as(city, login)).values_list("actor", "verb"))
        for login in ("bian", "cha", "ji", "an", "xi", "tou")
    }
    assert seen["bian"] == {("bian", "rectify"), ("bian", "sign_in")}
    assert seen["cha"] == {("cha", "confirm")}
    assert seen["ji"] == {("bian", "rectify"), ("cha", "confirm"), ("bian", "sign_in")}
    assert seen["an"] == {("bian", "sign_in")}
    assert seen["xi"] == seen["tou"] == set()
    assert not events_visible_to(PUBLIC).exists()


def test_revealing_personal_data_needs_a_reason_and_leaves_an_event():
    city = build_people(build_city())
    with pytest.raises(Refused):
        reveal("phone", kind="account", number="DH-1", reason=" ", by=act_as(city, "bian"), at=NOW)
    for login in ("zhu", "wang", "xi"):
        with pytest.raises(Refused):
            reveal("phone", kind="account", number="DH-1", reason="核实留言情况", by=act_as(city, login), at=NOW)
    reveal("phone", kind="account", number="DH-1", reason="核实留言情况", by=act_as(city, "bian"), at=NOW)
    assert Event.objects.filter(verb="reveal", actor="bian").count() == 1


def test_somebody_who_left_is_nobody():
    make_person("old", "旧人")
    with pytest.raises(Exception, match="没有登录名"):
        erase_person("nobody", by=SYSTEM, at=NOW)


def test_that_sealing_has_stopped_is_told_to_those_who_can_see_to_it():
    city = build_people(build_city())
    unsealed_events()
    now = timezone.now()  # the database stamps events itself
    late = now + timedelta(minutes=2)
    seen = {login: len(alarms(act_as(city, login), late)) for login in ("ji", "xi", "an", "cha")}
    assert seen == {"ji": 1, "xi": 1, "an": 0, "cha": 0}
    assert alarms(act_as(city, "ji"), now) == []
