"""The year as pages: a sentence that adds up, and points that open to their findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.assessment.jobs import is_missing, keep_standings, reckon_year
from xinmei.assessment.models import Standing
from xinmei.assessment.stored import KIND, reckon
from xinmei.assessment.views import _sentence
from xinmei.core.scoring import Sheet, UnitResult
from xinmei.jobs.handlers import Run
from xinmei.jobs.models import Job
from xinmei.registry.models import Account


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        reckon(2026, NOW)
        yield city


def test_a_unit_sees_its_score_as_a_sentence_and_the_finding_behind_it(city: City) -> None:
    page = sign_in(Client(), city.people["bian"]).get("/units/DH/2026/").content.decode()
    assert "÷同类最高" in page
    assert "错别字" in page
    assert f'href="/findings/{finding_of("DH-1").pk}/"' in page
    assert "暂计" in page


def test_a_decision_changes_the_page_as_soon_as_it_is_reckoned(city: City) -> None:
    client = sign_in(Client(), city.people["tou"])
    assert "错别字" in client.get("/units/DH/2026/").content.decode()
    client.post(f"/findings/{finding_of('DH-1').pk}/dismiss/", {"dismiss-why": "属引用"})
    before = client.get("/units/DH/2026/").content.decode()
    assert "错别字" in before
    assert "此后有新的办理或数据，正在重算" in before
    job = Job.objects.get(kind=KIND)
    assert "已按现有情况核算" in reckon_year(Run(job.arguments, NOW, NOW))
    assert "正在重算" not in client.get("/units/DH/2026/").content.decode()
    assert "错别字" not in client.get("/units/DH/2026/").content.decode()


def test_a_supervisor_sees_the_own_row_of_the_ranking_only(city: City) -> None:
    page = sign_in(Client(), city.people["zhu"]).get("/assessment/2026/").content.decode()
    assert "东湖县" in page
    assert "高新区" not in page


def test_a_year_to_come_or_before_the_rules_is_not_there(city: City) -> None:
    client = sign_in(Client(), city.people["cha"])
    assert client.get("/assessment/2027/").status_code == 404
    assert client.get("/assessment/2001/").status_code == 404


def test_every_number_of_the_sentence_leads_to_its_account(city: City) -> None:
    page = sign_in(Client(), city.people["cha"]).get("/units/DH/2026/").content.decode()
    sentence = re.search(r'<p class="sentence">(.*?)</p>', page, re.DOTALL)
    assert sentence
    anchors = re.findall(r'<a href="#(a\d+)">[\d.]+</a>', sentence[1])
    assert anchors
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    assert sentence[1].count('href="/assessment/2026/"') == 2  # the best of the cohort, and the rank


def test_equal_scores_of_many_accounts_are_written_once() -> None:
    accounts = [Account(pk=number, code=f"A{number}") for number in range(1, 11)]
    scores = [Decimal("90.0"), *[Decimal("110.0")] * 8, Decimal("115.0")]
    sheets = [
        (account, Sheet("assessed", score, score, (), (), {}, "2021-06-20", account.code))
        for account, score in zip(accounts, scores, strict=True)
    ]
    result = UnitResult(
        unit="DH",
        cohort="counties",
        verdict="assessed",
        accounts=tuple(sheet for _, sheet in sheets),
        mean=Fraction(1085, 10),
        deducted=Decimal(0),
        unit_points=Decimal(0),
        points=Fraction(1085, 10),
        best=Fraction(1085, 10),
        final=Decimal("100.00"),
        rank=1,
        lines=(),
        readings={"unit_mean": "simple", "province_one_fails_50": "mean"},
        edition="2021-06-20",
    )
    # (90 + 8 × 110 + 115) ÷ 10 = 108.5
    assert _sentence(result, sheets) == {
        "parts": [("90.0", 1), ("110.0×8", 2), ("115.0", 10)],
        "mean": "÷10＝108.50",
        "best": "÷同类最高108.50×100＝100.00",
    }


def test_who_moved_since_the_ranks_were_kept_is_said_beside_the_rank(city: City) -> None:
    client = sign_in(Client(), city.people["tou"])
    assert "新列入" not in client.get("/assessment/2026/").content.decode()
    assert keep_standings(Run({}, NOW, NOW)).startswith("留存 ")
    assert keep_standings(Run({}, NOW, NOW)) == "本月名次已经留存。"
    assert not is_missing(NOW)
    assert is_missing(NOW + timedelta(days=25))
    ranks = dict(Standing.objects.values_list("unit__code", "rank"))
    east = ranks["DH"]
    # a week ago 东湖县 stood one place lower, 高新区 one higher, and one department was not there yet
    Standing.objects.update(kept_on=NOW.date() - timedelta(days=7))
    Standing.objects.filter(unit__code="DH").update(rank=east + 1)
    Standing.objects.filter(unit__code="GX").update(rank=max(1, ranks["GX"] - 1))
    Standing.objects.filter(unit__code="SW").delete()
    page = client.get("/assessment/2026/").content.decode()
    assert "自5月5日" in page
    assert "升 1" in page
    assert "新列入" in page
    # what was kept within the week does not count as a month ago
    Standing.objects.update(kept_on=NOW.date() - timedelta(days=6))
    assert "升 1" not in client.get("/assessment/2026/").content.decode()


def test_a_finding_of_a_town_counts_for_the_county_and_opens_to_whoever_supervises_the_town(city: City) -> None:
    found = act("finding.confirm", [finding_of("TY-1").pk], by="cha")[0]
    reckon(2026, NOW)
    of_town = f'href="/findings/{found.pk}/"'
    pages = {
        login: sign_in(Client(), city.people[login]).get("/units/DH/2026/").content.decode()
        for login in ("bian", "qian", "zhu", "cha")
    }
    assert {login for login, page in pages.items() if of_town in page} == {"zhu", "cha"}
    assert {login for login, page in pages.items() if "在下级单位，由其主管查看" in page} == {"bian", "qian"}
