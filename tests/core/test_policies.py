"""政策解读: which post may explain which document."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.core.policies import Words, find_alike, is_said_of, name_of, owed_from

NUMBER, TITLE = "澄政办发〔2026〕8号", "关于印发《澄州市居住证办理办法》的通知"


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("澄政办发〔2026〕8号", True),
        ("澄政办发[2026] 8号", True),
        ("澄政办发（2026）第8号", True),
        (TITLE, True),
        ("澄政办发〔2026〕18号", False),
        ("澄州市居住证办理办法", False),
        ("", False),
    ],
)
def test_a_number_is_the_same_whatever_its_brackets_and_a_part_of_a_title_is_none(said: str, same: bool) -> None:
    assert is_said_of(said, NUMBER, TITLE) is same


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        ("新办法来了", "依据澄政办发[2026]8号，", "文中写了文号"),
        ("《澄州市居住证办理办法》问答", "", "文中写了文件名称"),
        ("一图读懂：居住证办理办法", "", "标题相近"),
        ("澄州市召开居住区消防会议", "会议要求……", None),
    ],
)
def test_what_only_looks_like_an_explainer_says_why(title: str, text: str, why: str | None) -> None:
    found = find_alike(NUMBER, TITLE, Words(title, text))

    assert (found.why if found else None) == why


def test_a_document_is_called_by_its_name_without_the_words_around_it() -> None:
    assert name_of(TITLE) == "澄州市居住证办理办法"
    assert name_of("市政府办公室关于加快发展养老服务的意见") == "加快发展养老服务"


def test_a_unit_is_reminded_when_three_working_days_are_over() -> None:
    assert owed_from(date(2026, 5, 8)) == date(2026, 5, 13)  # Friday; Saturday is worked, and Monday and Tuesday
    assert owed_from(date(2026, 9, 30)) == date(2026, 10, 11)  # 国庆; Saturday the 10th is worked
