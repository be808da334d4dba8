"""schemathesis asks the whole API: no error of the server, and no answer outside of the document.

`XINMEI_TEST_EXAMPLES=20` asks more, with a token of every position, and prints the counts.
"""

from __future__ import annotations

import os

import pytest
import time_machine

from tests.cast import NOW, PEOPLE, build_city, build_people
from tests.exam.api_cases import drive
from tests.house import matrix
from tests.house.things import make_things
from xinmei.acts.declared import kinds, verbs

pytestmark = pytest.mark.django_db
MORE = int(os.environ.get("XINMEI_TEST_EXAMPLES", "0"))
EVERYBODY = [login for login, (_, _, position) in PEOPLE.items() if position not in matrix.ADMINISTRATORS]


@pytest.mark.parametrize("login", EVERYBODY if MORE else ["guan", "tou"])
def test_no_answer_is_outside_of_the_document(login: str, settings) -> None:
    settings.API_PER_MINUTE = 1_000_000
    with time_machine.travel(NOW, tick=False):
        make_things(build_people(build_city()))
        tally = drive([login], examples=MORE or 1)
    print(f"{login}: {tally.asked} requests, {dict(sorted(tally.statuses.items()))}")  # noqa: T201
    assert tally.outside == []
    assert not any(status >= 500 for status in tally.statuses)
    assert len(tally.operations) == len(verbs()) + sum(verb.also for verb in verbs().values()) + 2 * len(kinds())
    assert {200, 422} <= set(tally.statuses)
