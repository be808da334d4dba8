"""The cast with a thing of every kind, everybody signed in."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.cast import City, build_city, build_people, sign_in
from tests.house.things import Things, make_things


@dataclass(frozen=True)
class Standing:
    """What stands before a test begins. `sessions`: the key of each person's session, by log-in name."""

    made: City
    things: Things
    sessions: dict[str, str]

    @property
    def city(self) -> City:
        """The cast as it was made, whatever an earlier test did to its own."""
        return copy.deepcopy(self.made)

    def client(self, login: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[login]
        return client

    def ask(self, login: str, method: str, address: str) -> HttpResponse:
        """The answer to one request in a savepoint of its own: what it changes is undone, its session's end too."""
        with transaction.atomic():
            answer = self.client(login).generic(method, address)
            transaction.set_rollback(True)
        return answer


def make_standing() -> Standing:
    """Makes the cast and its things, and signs everybody in."""
    city = build_people(build_city())
    things = make_things(city)
    sessions = {
        login: sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
        for login, person in city.people.items()
    }
    return Standing(city, things, sessions)
