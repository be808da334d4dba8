"""What `xinmei show` and the API give of each kind of object: what the position sees by the tables, and no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import NOW, PEOPLE, City, build_city, build_people
from tests.house import matrix
from tests.house.things import make_things
from xinmei.acts.declared import kinds
from xinmei.acts.showing import show
from xinmei.collectors.models import Feed
from xinmei.interaction.models import Patrol
from xinmei.notices.models import Delivery

pytestmark = pytest.mark.django_db
# The way to an object of each kind, by whose rule it is met.
WAYS = {
    "account": "account_for",
    "unit": "unit_for",
    "finding": "finding_for",
    "message": "message_for",
    "policy": "policy_for",
    "asking": "asking_for",
    "draw": "draw_for",
    "order": "order_for",
    "person": "person_for",
    "position": "held_to",
    "proposal": "proposal_for",
    "delegation": "delegation_of",
    "handover": "hand_over_for",
    "session": "session_to",
    "token": "token_to",
    "job": "job_for",
    "allowance": "allow_entry_for",
    "entry": "entry_for",
    "demotion": "demotion_for",
    "recall": "recall_for",
}


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def shown(kind: str, login: str) -> set[str]:
    """The ids of what this person is shown."""
    rows = show(kinds()[kind], None, login=login, position=None, at=NOW, where={})
    return {str(row.get("id") or row["code"]) for row in rows}


@pytest.mark.parametrize("kind", WAYS)
def test_each_position_is_shown_what_it_may_meet(city: City, kind: str) -> None:
    things = make_things(city)[WAYS[kind]]
    for login in PEOPLE:
        met = {one.key for one in things if matrix.may_meet(WAYS[kind], "read", login, one) != 404}
        assert shown(kind, login) & {one.key for one in things} == met, login


def test_a_patrol_is_shown_within_reach(city: City) -> None:
    for account in city.accounts.values():
        Patrol.objects.create(account=account, day=NOW.date(), half="am")
    for login, (_, own, position) in PEOPLE.items():
        letter = matrix.sees(position, "findings_sent")
        seen = [one for one in Patrol.objects.all() if matrix.reaches(letter, own, one.account.unit.code)]
        assert shown("patrol", login) == {str(one.pk) for one in seen}, login


def test_a_notice_is_shown_to_who_sees_whom_it_was_sent_to(city: City) -> None:
    make_things(city)
    for login, (_, own, position) in PEOPLE.items():
        letter = matrix.sees(position, "people")
        seen = [one for one in Delivery.objects.all() if matrix.reaches(letter, own, one.notice.unit.code)]
        assert shown("notice", login) == {str(one.pk) for one in seen}, login


def test_a_feed_is_shown_to_who_sets_it_and_who_has_it_read(city: City) -> None:
    feed = Feed.objects.create(account=city.accounts["DH-1"], kind="rss", address="https://example.cn/feed")
    for login, (_, _, position) in PEOPLE.items():
        sees = position in ("system_admin", "inspector", "inspector_head")
        assert shown("feed", login) == ({str(feed.pk)} if sees else set()), login
