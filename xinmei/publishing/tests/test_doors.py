"""Who sees what of drafts, interfaces and functions, and who is offered what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, make_person, sign_in
from tests.drafting import check, publish, release, send, write
from tests.house.acts_of_channels import INTERFACE, interface, sending
from xinmei.core.refusals import NotSo
from xinmei.people.models import PositionHeld
from xinmei.publishing.channels.doors import channels_visible_to, sendings_visible_to
from xinmei.publishing.channels.queries import to_renew, to_settle
from xinmei.publishing.drafts.queries import holders_in, waits_for
from xinmei.publishing.duties import at_desk
from xinmei.publishing.models import ApprovedSource, Channel, Draft, Function, Post
from xinmei.publishing.search import suggest


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def test_an_interface_is_seen_in_its_own_unit_alone(city: City) -> None:
    interface(city)
    seen = {login for login in city.people if channels_visible_to(act_as(city, login)).exists()}
    assert seen == {"bian", "shen", "qian", "guan"}


def test_an_interface_that_breaks_is_told_to_who_looks_after_it(city: City) -> None:
    Channel.objects.filter(pk=interface(city)).update(state=Channel.State.BROKEN)
    assert {login for login in city.people if to_renew(act_as(city, login), NOW).exists()} == {"guan"}


def test_a_sending_is_seen_where_its_draft_is(city: City) -> None:
    sending("scheduled")(city)
    seen = {login for login in city.people if sendings_visible_to(act_as(city, login)).exists()}
    assert seen == {"bian", "shen", "qian", "guan", "cha", "tan", "tou"}


def page(city: City, login: str, address: str) -> str:
    answer = sign_in(Client(), city.people[login]).get(address)
    assert answer.status_code == 200, (login, address)
    return answer.content.decode()


def at_water(city: City, position: str) -> str:
    """Somebody with that position at 市水务局."""
    made = make_person(f"shui_{position}", "水同事", city.units["SW"], position)
    city.people[made.login] = made
    return str(made.login)


def test_what_was_not_sent_waits_for_the_editors_of_its_unit(city: City) -> None:
    sending("held")(city)
    assert {login for login in city.people if to_settle(act_as(city, login)).exists()} == {"bian"}


def test_only_accounts_and_drafts_of_the_own_unit_are_given_an_interface_or_sent(city: City) -> None:
    admin = at_water(city, "unit_admin")
    assert "东湖发布" not in page(city, admin, "/channels/")
    with pytest.raises(NotSo):
        act("channel.connect", by=admin, **INTERFACE)
    interface(city)
    assert "东湖发布" in page(city, "guan", "/channels/")
    assert "东湖发布" not in page(city, admin, "/channels/")
    with pytest.raises(NotSo):
        act("sending.start", by="lin", draft=str(release().pk), account="DH-1")


def test_a_draft_waits_for_the_own_unit_and_corrects_what_the_own_unit_published(city: City) -> None:
    check(send(write()))
    published = publish(release())
    leader = at_water(city, "leader")
    desks = {login: [one.title for one in at_desk(act_as(city, login), NOW).duties] for login in ("qian", leader)}
    assert desks == {"qian": ["等您审签的稿件 1 篇"], leader: []}
    with pytest.raises(NotSo):
        write(by="lin", accounts=["SW-1"], corrects=str(published.pk))
    assert write(corrects=str(published.pk)).corrects_id == published.pk


def test_who_left_yesterday_checks_nothing_today(city: City) -> None:
    unit = city.units["DH"].pk
    assert ("shen", "申科长") in holders_in([unit], NOW)[unit, "section_head"]
    PositionHeld.objects.filter(person__login="shen").update(ends_on=NOW.date() - timedelta(days=1))
    assert (unit, "section_head") not in holders_in([unit], NOW)


def test_functions_are_listed_and_seen_in_reach(city: City) -> None:
    offered = {"name": "办事指南", "kind": "service", "url": "https://e.cn/1"}
    ended = act("function.add", by="bian", account="DH-1", **(offered | {"name": "旧指南"}))
    days = {"starts_on": NOW.date() - timedelta(days=9), "ends_on": NOW.date() - timedelta(days=1)}
    Function.objects.filter(pk=ended.pk).update(**days)
    act("function.add", by="bian", account="DH-1", **offered)
    with pytest.raises(NotSo):
        act("function.add", by="lin", account="DH-1", **offered)
    assert "办事指南" not in page(city, "lin", "/functions/")
    in_use, ended_ones = page(city, "bian", "/functions/?now=on"), page(city, "bian", "/functions/?now=off")
    assert ("旧指南" in in_use, "旧指南" in ended_ones) == (False, True)
    assert ("办事指南" in in_use, "办事指南" in ended_ones) == (True, False)


def test_the_list_of_sources_tells_those_of_today_from_others(city: City) -> None:
    said = {"level": "city", "allowed_by": "市政府办公室", "added_at": NOW}
    ApprovedSource.objects.create(name="澄州日报", starts_on=NOW.date(), **said)
    ApprovedSource.objects.create(name="澄州晚报", starts_on=NOW.date() + timedelta(days=1), **said)
    today, others = page(city, "bian", "/sources/?now=on"), page(city, "bian", "/sources/?now=off")
    assert ("澄州日报" in today, "澄州日报" in others) == (True, False)
    assert ("澄州晚报" in today, "澄州晚报" in others) == (False, True)


def test_posts_are_suggested_in_reach(city: City) -> None:
    Post.objects.create(
        code="P1", account=city.accounts["DH-1"], published_at=NOW, title="春耕补贴", text="可以申领了。"
    )
    found = {login: len(suggest(act_as(city, login), "春耕补贴", "post", "DH-1")) for login in ("bian", "cha", "lin")}
    assert found == {"bian": 1, "cha": 1, "lin": 0}


def test_each_of_the_three_has_what_they_can_move_on(city: City) -> None:
    for draft in (release(), check(send(write())), send(write())):
        assert draft.pk
    who = ("bian", "shen", "qian", "guan")
    found = {
        one: set(Draft.objects.filter(waits_for(act_as(city, one))).values_list("state", flat=True)) for one in who
    }
    assert found == {"bian": {"RELEASED"}, "shen": {"CHECKING"}, "qian": {"SIGNING"}, "guan": set()}
