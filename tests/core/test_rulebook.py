"""The rules files are read strictly, and errors teach."""

from datetime import date
from decimal import Decimal

import pytest

from xinmei.core import rulebook


def read(tmp_path, text):
    file = tmp_path / "rule.yaml"
    file.write_text(text, encoding="utf-8")
    return rulebook.read_yaml(file)


def test_plain_data_comes_out_as_plain_data(tmp_path):
    data = read(
        tmp_path, "day: 2021-06-20\npoints: 0.5\nworth: 10\non: 开\ncode: 010\nclock: 12:30\nnone:\nyes: no\nok: true\n"
    )
    assert data == {
        "day": date(2021, 6, 20),
        "points": Decimal("0.5"),
        "worth": 10,
        "on": "开",
        "code": "010",
        "clock": "12:30",
        "none": None,
        "yes": "no",
        "ok": True,
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", "第3行：键 a 重复"),
        ("a: !!python/object:os.system 1\n", "类型 tag:yaml.org,2002:python/object:os.system 不可用"),
        ("a: !!set {x}\n", "不可用"),
        ("2021: x\n", "键 2021 应是文字"),
        ("a: 2021-02-30\n", "没有 2021-02-30 这一天"),
        ("a: [1, 2\n", "不是正确的 YAML"),
        ("a: &x [*x]\n", "不是正确的 YAML"),
        ("a: 1\n---\nb: 2\n", "不是正确的 YAML"),
        ("a: \x07\n", "不是正确的 YAML"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(tmp_path, text, sentence):
    with pytest.raises(rulebook.RulebookError, match=r"rule\.yaml") as caught:
        read(tmp_path, text)
    assert sentence in str(caught.value)


def test_a_missing_file_is_named():
    with pytest.raises(rulebook.RulebookError, match=r"calendar/1900\.yaml：找不到"):
        rulebook.read_yaml("calendar/1900.yaml")


def test_every_reading_has_its_default_among_its_choices():
    for reading in rulebook.readings().values():
        assert reading.default in reading.choices
        assert reading.sentence
        assert not reading.contested or len(reading.choices) > 1
        assert bool(reading.acts_on) == (len(reading.choices) > 1)


def test_the_contested_readings_are_those_of_the_notice():
    contested = {reading.name for reading in rulebook.readings().values() if reading.contested}
    assert contested == {
        "reply_holiday_48h",
        "week",
        "province_one_fails_50",
        "same_event",
        "unit_criteria",
        "bonus_problems",
    }


def test_defaults_fill_what_was_not_chosen():
    resolved = rulebook.resolve_readings({"week": "rolling"})
    assert resolved["week"] == "rolling"
    assert resolved["holiday"] == "non_working"
    assert "rounding" not in resolved


def test_a_settled_reading_may_be_named_with_its_one_choice():
    assert rulebook.resolve_readings({"rounding": "stated"})["rounding"] == "stated"


def test_an_unknown_reading_is_answered_with_those_that_exist():
    with pytest.raises(rulebook.UnknownReading, match="没有名为“weeks”的口径，可用：holiday、reply_holiday_48h"):
        rulebook.resolve_readings({"weeks": "iso"})


@pytest.mark.parametrize("choice", ["ISO", 1, None, ["iso"]])
def test_an_unknown_choice_is_answered_with_those_that_exist(choice):
    with pytest.raises(rulebook.UnknownReading, match=r"可用：iso（自然周.*默认）；rolling"):
        rulebook.resolve_readings({"week": choice})


def test_a_result_prints_the_readings_of_its_stage():
    resolved = rulebook.resolve_readings({})
    assert set(rulebook.readings_for("due", resolved)) == {"holiday", "reply_holiday_48h"}
    assert "originals" not in rulebook.readings_for("score", resolved)
    of_acts = {name for name in resolved if rulebook.readings()[name].acts_on == ("act",)}
    assert set(rulebook.readings_for("assess", resolved)) == set(resolved) - of_acts
