"""The typo model: what it finds, what it leaves alone, and that both forms of its inner loop agree."""

from __future__ import annotations

import re
import struct
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinmei.core.screening.texts import of_arrow
from xinmei.core.screening.typos import SENTENCE, Memory, TypoHit, TypoModel
from xinmei.core.screening.typos.doubled import TWICE
from xinmei.core.screening.typos.model import SHIPPED
from xinmei.core.screening.typos.symbols import (
    BRACKET,
    COMMA,
    DIGITS,
    LETTERS,
    LISTING,
    SHIFT,
    SKIP,
    STOP,
    character,
    class_of,
)

WRONG = "各级行政机关应当按照国务院的龟定，认真贯彻执行国家的方针正策。"
RIGHT = "各级行政机关应当按照国务院的规定，认真贯彻执行国家的方针政策。"
NOTICE = Path(__file__).parent.parent / "notice.txt"


@pytest.fixture(scope="module")
def model() -> TypoModel:
    return TypoModel.load()


@pytest.fixture(scope="module")
def slow() -> TypoModel:
    return TypoModel.load(fast=False)


def test_a_sound_alike_is_found_with_what_should_stand_there(model: TypoModel) -> None:
    hits = model.find(WRONG)
    assert [(WRONG[hit.start : hit.end], hit.suggest) for hit in hits] == [("龟", "规"), ("正", "政")]


def test_a_hit_says_why_in_its_context(model: TypoModel) -> None:
    hit = model.find(WRONG)[0]
    assert hit.why == "更常见：院的规定，"
    assert 0.5 < hit.confidence <= 1


def test_a_word_that_the_input_method_offered_wrongly_is_found_whole(model: TypoModel) -> None:
    text = "坚持法治反拐基本元泽，完善有关法律法规和政策"
    assert [(hit.start, hit.end, hit.suggest) for hit in model.find(text)] == [(8, 10, "原则")]


def test_the_correct_sentence_is_left_alone(model: TypoModel) -> None:
    assert model.find(RIGHT) == []


def test_names_and_numbers_are_left_alone(model: TypoModel) -> None:
    assert model.find("会议由县长冯怡主持，第三批共二十八个项目，投资３．５亿元。") == []


def test_the_notice_that_binds_us_has_no_confident_typo(model: TypoModel) -> None:
    assert [hit for hit in model.find(NOTICE.read_text(encoding="utf-8")) if hit.shelf == "confident"] == []


def test_quotation_marks_and_blanks_do_not_move_the_offsets(model: TypoModel) -> None:
    text = "  “各级行政机关”应当按照国务院的 龟定，认真执行"
    assert [(text[hit.start : hit.end], hit.suggest) for hit in model.find(text)] == [("龟", "规")]


def test_a_traditional_form_is_no_typo(model: TypoModel) -> None:
    assert model.find("關於加強政務新媒體管理工作的通知") == []


@pytest.mark.parametrize("text", ["", "龟", "。", "“”", " \n", "abc", "\ud800", "\U0001f600𠀀", "\0"])
def test_texts_without_words_have_no_hit(model: TypoModel, slow: TypoModel, text: str) -> None:
    assert model.find(text) == slow.find(text) == []


def test_shelves_are_kept_apart_by_confidence(model: TypoModel) -> None:
    hits = model.find(WRONG) + model.find("建设用地批准书")
    confident = [hit.confidence for hit in hits if hit.shelf == "confident"]
    possible = [hit.confidence for hit in hits if hit.shelf == "possible"]
    assert {hit.shelf for hit in hits} <= {"confident", "possible"}
    assert not confident or not possible or min(confident) >= max(possible)


PIECES = st.sampled_from(
    [
        *"的龟定规政正策机关“”，。一二三龍關県郝A7 \n",
        "按照国务院的",
        "坚持法治反拐基本元泽",
        "人民政府",
        "习近平主持",
        "阿布扎比",
        "\U0001f600",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=60, deadline=None)
def test_c_and_python_find_the_same(model: TypoModel, slow: TypoModel, text: str) -> None:
    assert model.fast, "没有编译器，只有 Python 形式：请装 C 编译器后运行 python setup.py build_ext --inplace"
    assert model.find(text) == slow.find(text)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=100, deadline=None)
def test_hits_lie_in_the_text_in_order_and_apart(model: TypoModel, text: str) -> None:
    end = 0
    for hit in model.find(text):
        assert end <= hit.start < hit.end <= len(text)
        assert hit.suggest != text[hit.start : hit.end]
        end = hit.end


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=60, deadline=None)
def test_c_and_python_weigh_the_same(model: TypoModel, slow: TypoModel, text: str) -> None:
    assert model.weigh(text) == slow.weigh(text)


@given(st.lists(PIECES, max_size=12).map("".join), st.data())
@settings(max_examples=100, deadline=None)
def test_c_and_python_cut_words_the_same(model: TypoModel, slow: TypoModel, text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert model.borders.loss(text, at) == slow.borders.loss(text, at)
    assert model.borders.cut(text) == slow.borders.cut(text)


@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=2).map("".join),
    st.data(),
)
@settings(max_examples=100, deadline=None)
def test_a_gain_is_the_difference_of_two_weights(
    model: TypoModel, slow: TypoModel, before: str, after: str, put: str, data: st.DataObject
) -> None:
    lost = data.draw(st.integers(0, len(after)))
    plain, better = before + after, before + put + after[lost:]
    assert model.gain(plain, better) == model.weigh(better) - model.weigh(plain) == slow.gain(plain, better)


def test_the_usual_form_of_a_text_weighs_more(model: TypoModel) -> None:
    assert model.weigh(RIGHT) > model.weigh(WRONG)


SENTENCES = "他在会上做了报告，布署下半年工作。。气象台发布预警“信号”！２０２６年11月\n😀请广大市民注意防犯；完"


@given(st.lists(st.text(alphabet=st.sampled_from(SENTENCES), max_size=80), max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_sentences_named_are_those_in_which_something_is_found_or_stands_twice(
    model: TypoModel, texts: list[str]
) -> None:
    texts = [SENTENCES, *texts, SENTENCES]

    def sentences(shelves: set[str]) -> list[tuple[int, int, int]]:
        return [
            (row, *one.span())
            for row, text in enumerate(texts)
            for one in SENTENCE.finditer(text)
            if TWICE.search(re.sub("[“”\\s]", "", one.group()))
            or any(hit.shelf in shelves for hit in model.find(one.group()))
        ]

    memory, wanted = Memory(), sentences({"confident", "possible"})
    for source in (texts, texts, of_arrow(pa.array(texts)), of_arrow(pa.array(["", *texts])[1:])):
        assert model.list_sentences(source, memory, "possible") == wanted
    assert model.list_sentences(texts, memory, "confident") == sentences({"confident"})


def test_without_c_every_sentence_is_read(slow: TypoModel) -> None:
    assert slow.list_sentences(["甲。乙", "", "。丙"], Memory(), "confident") == [(0, 0, 2), (0, 2, 3), (2, 1, 2)]


def test_many_threads_share_one_model(model: TypoModel) -> None:
    expected, wrong = model.find(WRONG), []

    def look() -> None:
        for _ in range(50):
            if model.find(WRONG) != expected:
                wrong.append(1)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_file_cut_anywhere_is_refused_in_chinese(tmp_path: Path) -> None:
    whole = SHIPPED.read_bytes()
    for size in (4, 11, 100, len(whole) // 2):
        cut = tmp_path / "cut.bin"
        cut.write_bytes(whole[:size])
        with pytest.raises(ValueError, match="错别字模型"):
            TypoModel.load(cut)
    (tmp_path / "empty.bin").touch()
    with pytest.raises(ValueError, match="空文件"):
        TypoModel.load(tmp_path / "empty.bin")


def test_the_shipped_model_is_small_and_holds_no_text_of_five_characters() -> None:
    whole = SHIPPED.read_bytes()
    assert len(whole) <= 20_000_000
    count = struct.unpack_from("<I", whole, 8)[0]
    names = {struct.unpack_from("<8s", whole, 12 + 16 * i)[0].rstrip(b"\0").decode() for i in range(count)}
    assert "ngrams" in names
    assert "中华人民共和国".encode() not in whole
    assert "中华人民共和国".encode("utf-16-le") not in whole


def test_symbols_are_what_the_docstring_says() -> None:
    assert [class_of(c) for c in "“ ，、（7Ａ。"] == [SKIP, SKIP, COMMA, LISTING, BRACKET, DIGITS, LETTERS, STOP]
    assert class_of("规") >= SHIFT
    assert character(class_of("规")) == "规"


def test_hits_sort_by_place() -> None:
    assert TypoHit(1, 2, "乙", 0.9, "confident", "") < TypoHit(2, 3, "甲", 0.1, "possible", "")
