"""A week is read in words and as a code, and said in words."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.core.weeks import UnknownWeek, name_week, read_week, say_week

MONDAY = date(2026, 5, 11)


@pytest.mark.parametrize(
    "text",
    [
        "2026年第20周（5月11日—17日）",
        "2026年第20周",
        " 2026 年第 20 周 ",
        "2026-W20",
        "2026W20",
        "2026-w20",
        "２０２６年第２０周",
    ],
)
def test_words_and_codes_name_the_same_week(text: str) -> None:
    assert read_week(text) == MONDAY


def test_what_is_said_is_read_again() -> None:
    assert say_week(MONDAY) == "2026年第20周（5月11日—17日）"
    assert say_week(date(2026, 4, 27)) == "2026年第18周（4月27日—5月3日）"
    for monday in (MONDAY, date(2026, 4, 27), date(2025, 12, 29)):
        assert read_week(say_week(monday)) == monday
        assert read_week(name_week(monday)) == monday


@pytest.mark.parametrize("text", ["2026-W54", "2026年第0周", "第20周", "下周", "", "2026-W2x"])
def test_a_wrong_one_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnknownWeek) as refused:
        read_week(text)
    assert "可写" in str(refused.value) or "没有第" in str(refused.value)
