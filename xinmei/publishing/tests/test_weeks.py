"""信息 by week: picked or written in words, and a wrong week is refused in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, sign_in
from tests.lived import live_two_months
from xinmei.publishing.models import Post


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _listed(city: City, week: str) -> str:
    return sign_in(Client(), city.people["cha"]).get("/posts/", {"week": week}).content.decode()


def test_words_and_codes_list_the_same_posts(city: City) -> None:
    by_code, in_words = _listed(city, "2026-W19"), _listed(city, "2026年第19周（5月4日—10日）")
    counted = f"共 {Post.objects.count()} 条，筛出 "
    assert counted in by_code
    assert by_code.partition(counted)[2][:3] == in_words.partition(counted)[2][:3] != "0 条"
    # whichever way it was written, the field says it in words
    assert 'value="2026年第19周（5月4日—10日）"' in by_code


def test_the_weeks_up_to_this_one_are_offered_in_words(city: City) -> None:
    shown = _listed(city, "")
    assert '<option value="2026年第20周（5月11日—17日）">' in shown
    assert '<option value="2026年第21周' not in shown


@pytest.mark.parametrize(
    ("week", "said"),
    [("2026-W54", "周：写的是“2026-W54”，2026年没有第54周"), ("上周", "周：写的是“上周”，可写：2026年第20周")],
)
def test_a_wrong_week_is_refused_in_words_and_kept_in_the_field(city: City, week: str, said: str) -> None:
    shown = _listed(city, week)
    assert said in shown
    assert f'value="{week}"' in shown
    assert "筛出 0 条" in shown
