"""Charts: bars from zero, what nobody knows is no nought, and five real steps of shade."""

from __future__ import annotations

from xinmei.pages.charts import FLOOR, TOP, Bar, Chart, step_by
from xinmei.pages.templatetags.charts import bar, trace


def _chart(*values: float | None) -> Chart:
    bars = [Bar(f"第{place}周", value, ("—" if value is None else str(value),)) for place, value in enumerate(values)]
    return Chart("多了还是少了？", "多了。", ("周", "问题"), bars)


def test_bars_stand_on_nought_and_the_highest_fills_the_drawing() -> None:
    drawn = _chart(2, 8, 4).drawn
    assert [round(one.height, 1) for one in drawn] == [21.5, 86.0, 43.0]
    assert all(one.y + one.height == FLOOR for one in drawn)
    assert drawn[1].y == TOP


def test_what_nobody_knows_is_not_drawn_as_nought() -> None:
    unknown, nought = _chart(None, 0, 5).drawn[:2]
    assert unknown.height > 0
    assert nought.height == 0


def test_of_many_numbers_only_the_highest_and_the_last_are_written() -> None:
    assert [one.over for one in _chart(1, 2, 3).drawn] == ["1", "2", "3"]
    assert [one.over for one in _chart(99.5, 12.25, 3.125).drawn] == ["99.5", "", "3.125"]


def test_nothing_at_all_can_be_drawn() -> None:
    assert _chart().drawn == []
    assert [one.height for one in _chart(0, 0).drawn] == [0, 0]


def test_one_two_and_three_have_shades_of_their_own() -> None:
    steps = step_by([1, 2, 3, 3, 0, 1])
    assert [steps.of(number) for number in (0, 1, 2, 3)] == [0, 1, 2, 3]
    assert steps.legend == [(1, "1"), (2, "2"), (3, "3")]


def test_many_numbers_are_shared_out_over_five_steps_each_of_them_used() -> None:
    numbers = [1, 2, 3, 4, 6, 7, 9, 12, 20, 55]
    steps = step_by(numbers)
    assert [steps.of(number) for number in numbers] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert steps.legend == [(1, "1–2"), (2, "3–4"), (3, "5–7"), (4, "8–12"), (5, "13–55")]


def test_where_there_is_nothing_there_is_no_shade() -> None:
    assert step_by([]).legend == []
    assert step_by([0]).of(0) == 0


def test_a_bar_of_a_table_is_a_part_of_its_width_with_a_mark_of_before() -> None:
    assert 'width="50.00%"' in bar(5, 10)
    assert 'x1="30.00%"' in bar(5, 10, before=3)
    assert 'width="0.00%"' in bar(0, 0)


def test_a_rank_through_time_says_itself_in_words_and_stays_in_the_drawing() -> None:
    drawn = trace([("6月1日", 9), ("现在", 2)], 4)
    assert "6月1日第9名，现在第2名" in drawn
    assert 'points="4.0,21.0 92.0,5.2"' in drawn
    assert trace([("现在", 2)], 4) == ""
