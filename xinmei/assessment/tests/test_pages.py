"""The year as pages: a sentence that adds up, and points that open to their findings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, sign_in
from tests.lived import finding_of, live_two_months


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def test_a_unit_sees_its_score_as_a_sentence_and_the_finding_behind_it(city: City) -> None:
    page = sign_in(Client(), city.people["bian"]).get("/units/DH/2026/").content.decode()
    assert "÷同类最高" in page
    assert "错别字" in page
    assert f'href="/findings/{finding_of("DH-1").pk}/"' in page
    assert "暂计" in page


def test_a_decision_changes_the_page_at_once(city: City) -> None:
    client = sign_in(Client(), city.people["tou"])
    assert "错别字" in client.get("/units/DH/2026/").content.decode()
    client.post(f"/findings/{finding_of('DH-1').pk}/dismiss/", {"dismiss-why": "属引用"})
    assert "错别字" not in client.get("/units/DH/2026/").content.decode()


def test_a_supervisor_sees_the_own_row_of_the_ranking_only(city: City) -> None:
    page = sign_in(Client(), city.people["zhu"]).get("/assessment/2026/").content.decode()
    assert "东湖县" in page
    assert "高新区" not in page


def test_a_year_to_come_or_before_the_rules_is_not_there(city: City) -> None:
    client = sign_in(Client(), city.people["cha"])
    assert client.get("/assessment/2027/").status_code == 404
    assert client.get("/assessment/2001/").status_code == 404
