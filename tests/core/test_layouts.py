"""A layout says the words of a text over again with their looks; what changes in the text keeps them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.layouts import LINES, NotALayout, fit, read, words_of

RUN = st.fixed_dictionaries(
    {"text": st.text("春耕补贴 a，", max_size=6)},
    optional={"bold": st.booleans(), "link": st.sampled_from(["https://e.cn/1", "javascript:alert(1)"])},
)
LINE = st.fixed_dictionaries({"kind": st.sampled_from([*LINES]), "runs": st.lists(RUN, max_size=4)})
FIGURE = st.fixed_dictionaries({"kind": st.just("picture"), "picture": st.integers(0, 3)})
GIVEN = st.lists(LINE | FIGURE, max_size=8)
HEAD = {"kind": "h2", "runs": [{"text": "申领办法"}]}
BODY = {"kind": "p", "runs": [{"text": "到"}, {"text": "村里", "bold": True}, {"text": "申领"}]}
SHOWN = {"kind": "picture", "picture": 0}


def test_what_is_no_kind_of_line_does_not_exist_here():
    for wrong in ("<b>", [3], [{"kind": "script", "runs": []}], [{"kind": "p", "runs": [{"text": "a\nb"}]}],
                  [{"kind": "picture", "picture": True}]):  # fmt: skip
        with pytest.raises(NotALayout):
            read(wrong)
    (line,) = read([{"kind": "h2", "style": "x", "runs": [{"text": "点", "link": "javascript:alert(1)", "on": "x"}]}])
    assert line == {"kind": "h2", "runs": [{"text": "点"}]}


def test_plain_paragraphs_are_no_layout():
    assert read([{"kind": "p", "runs": [{"text": "一"}, {"text": "二"}]}, {"kind": "p", "runs": []}]) == []


def test_a_corrected_word_keeps_its_looks_and_its_picture_its_place():
    layout = [HEAD, SHOWN, BODY]
    changed = fit(layout, "申领的办法\n到镇里申领\n另行通知")
    assert [one["kind"] for one in changed] == ["h2", "picture", "p", "p"]
    assert changed[2]["runs"] == [{"text": "到"}, {"text": "镇里", "bold": True}, {"text": "申领"}]
    assert [one["kind"] for one in fit(layout, "到村里申领", pictures=0)] == ["p"]


@given(GIVEN)
def test_read_again_a_layout_is_the_same(blocks):
    once = read(blocks)
    assert read(once) == once
    assert fit(once, words_of(once)) == once


@given(GIVEN, st.text("春耕补贴 a，\n", max_size=30).map(str.strip))
def test_a_fitted_layout_says_exactly_the_text(blocks, text):
    fitted = fit(read(blocks), text)
    assert not fitted or words_of(fitted) == text
