"""Word by word: what went out, what came in, and that nothing is lost on the way."""

from __future__ import annotations

import random

import pytest

from xinmei.core.differences import compare, differs


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("市政府", "市政府", [("same", "市政府")]),
        ("财政拔款", "财政拨款", [("same", "财政"), ("out", "拔"), ("in", "拨"), ("same", "款")]),
        ("共23人", "共32人", [("same", "共"), ("out", "23"), ("in", "32"), ("same", "人")]),
        ("今天下雨", "今天", [("same", "今天"), ("out", "下雨")]),
        ("", "新稿", [("in", "新稿")]),
        ("use Word", "use PDF", [("same", "use "), ("out", "Word"), ("in", "PDF")]),
    ],
)
def test_a_number_a_word_and_a_character_are_one_piece_each(old, new, pieces):
    assert compare(old, new) == pieces
    assert differs(pieces) == (old != new)


@pytest.mark.parametrize("length", [30, 3000, 6000])
def test_the_old_and_the_new_text_can_be_read_from_the_pieces(length):
    draw = random.Random(length)
    old = "".join(draw.choice("政务新媒体管理，。12 a\n") for _ in range(length))
    cut = draw.randrange(length)
    new = old[:cut] + "改动" + old[cut + 7 :]
    pieces = compare(old, new)
    assert "".join(words for kind, words in pieces if kind != "in") == old
    assert "".join(words for kind, words in pieces if kind != "out") == new
    assert all(words for _, words in pieces)
