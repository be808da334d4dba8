"""Drafts on their way out while all goes wrong that can (the large run: benchmarks/sends.py)."""

from __future__ import annotations

import pytest

from tests.platforms.counting import count
from tests.platforms.playing import play

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_posted_twice_and_nothing_is_lost():
    world = play(24, official=2, microblogs=1, seed=7)

    found = count(world)
    assert found["doubled"] == found["lost"] == found["entered but not out"] == found["one article for two"] == 0
    assert found["entered"] == found["out there"] > 15
    assert {"cut", "lost", "pushed"} <= set(world.faults), "the faults were not injected"
    assert world.wechat.most_asking == 1, "two asked for a token at once"
