"""核验: everybody may ask; only the public register answers."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.cast import City, build_city


@pytest.fixture
def city(db: None) -> City:
    return build_city()


def _ask(name: str) -> str:
    return Client().get("/verify/", {"name": name}).content.decode()


def test_an_account_of_the_register_is_genuine(city: City) -> None:
    page = _ask("东湖发布")
    assert "<b>是。</b>" in page
    assert "东湖县" in page


def test_an_unknown_name_is_not(city: City) -> None:
    assert "<b>不是。</b>" in _ask("东湖官方福利")


def test_a_closed_account_says_where_to_go(city: City) -> None:
    account = city.accounts["DH-1"]
    account.status, account.closed_on = "closed", date(2025, 1, 1)
    account.save()
    account.__class__.objects.create(
        code="DH-2", unit=account.unit, platform="weibo", name="东湖县发布", opened_on=date(2025, 1, 1), status="active"
    )
    page = _ask("东湖发布")
    assert "<b>已关停。</b>" in page
    assert "东湖县发布（微博）" in page


def test_a_part_of_a_name_is_no_match_but_shows_what_is_like_it(city: City) -> None:
    assert "没有完全一样的名称" in _ask("东湖")


def test_contact_and_phone_are_never_public(city: City) -> None:
    page = _ask("东湖发布")
    assert "李联系" not in page
    assert "1390000" not in page
