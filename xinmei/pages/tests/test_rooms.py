"""What rooms bring is found by the names of their modules."""

from __future__ import annotations

import pytest

from xinmei.pages import badges as badges_module
from xinmei.pages.badges import COLOURS, Badge, badge_of, badges
from xinmei.pages.navigation import MAIN, PERSONAL, entries, parts
from xinmei.pages.rooms import bring, gather


def test_modules_come_in_the_order_of_the_apps():
    names = [module.__name__ for module in bring("navigation")]
    assert names.index("xinmei.people.navigation") < names.index("xinmei.desk.navigation")


def test_a_room_without_such_a_module_brings_nothing():
    assert bring("no_room_has_this") == ()
    assert list(gather("navigation", "NO_SUCH_MEMBER")) == []


def test_entries_stand_in_their_order_and_no_two_share_a_place():
    for place in (MAIN, PERSONAL):
        orders = [one.order for one in entries(place)]
        assert orders == sorted(set(orders))


def test_every_part_has_its_template():
    assert {"search", "bell", "person", "above_list"} <= parts().keys()


def test_equal_values_of_two_kinds_have_badges_of_their_own():
    assert badge_of("finding.status", "CLOSED").sign == "circle-check"
    assert badge_of("account.status", "closed") == Badge("已关停", "grey", "ban")
    assert badge_of("look.outcome", "failed") != badge_of("job.state", "failed")


def test_every_badge_has_a_word_and_a_known_colour():
    shown = [one for kind in badges().values() for one in kind.values()]
    assert all(one.word and one.sign and one.colour in COLOURS for one in shown)


def test_a_kind_of_state_is_declared_once(monkeypatch):
    twice = [{"order.status": {}}, {"order.status": {}}]
    monkeypatch.setattr(badges_module, "gather", lambda *names: twice)
    badges.cache_clear()
    with pytest.raises(ValueError, match="declared by two rooms"):
        badges()
    badges.cache_clear()
