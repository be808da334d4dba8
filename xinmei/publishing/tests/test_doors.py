"""Who sees what of drafts, interfaces and functions, and who is offered what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import NOW, City, act_as, build_city, build_people
from tests.house.acts_of_channels import interface, sending
from xinmei.publishing.channels.doors import channels_visible_to, sendings_visible_to
from xinmei.publishing.channels.queries import to_renew
from xinmei.publishing.models import Channel


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
