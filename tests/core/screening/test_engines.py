"""Both engines find the same as a naive reader of the definition.

Places always slice back to what was matched.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinmei.core.rulebook import RULES
from xinmei.core.screening.folding import fold, folding, places
from xinmei.core.screening.matcher import (
    ADDED,
    ALWAYS,
    CHANGED,
    LOST,
    SAME,
    AhoCorasick,
    Behind,
    Compiled,
    Least,
    Narrowing,
    Scanner,
    is_han,
)

TABLE = folding(RULES / "screening" / "traditional.txt")
# A small alphabet, so that strings meet: Han, traditional, full width, separators, invisible, outside the first plane,
# no character at all.
LETTERS = st.text(st.sampled_from("甲乙丙國国aＡ1１@ 　*\n，\u200b\ufe0f\x00\ud800\U00020000\U0001d7d8"), max_size=40)
TERMS = st.lists(LETTERS.map(lambda text: fold(text, TABLE)[:5]).filter(bool), max_size=8)
PHRASES = st.lists(LETTERS.map(lambda text: fold(text, TABLE)[:8]).filter(lambda text: len(text) > 3), max_size=3)

NO_COMPILER = "扫描扩展没有编译：请装 C 编译器后运行 python setup.py build_ext --inplace"


def engines(terms, phrases):
    assert Scanner, NO_COMPILER
    return [engine(terms, phrases, TABLE) for engine in (AhoCorasick, Compiled)]


def naive(terms, phrases, text):
    """By the definition, with no cleverness at all: (start, end, number, whether it is the term itself)."""
    folded, where = fold(text, TABLE), places(text) or range(len(text))
    found = set()
    for start in range(len(folded)):
        for end in range(start + 1, len(folded) + 1):
            piece, span = folded[start:end], (where[start], where[end - 1] + 1)
            found |= {(*span, number, True) for number, term in enumerate(terms) if piece == term}
            around = folded[start - 1 : start] if start else "", folded[end : end + 1]
            found |= {
                (*span, len(terms) + number, False)
                for number, phrase in enumerate(phrases)
                if is_near(piece, phrase, around)
            }
    return found


def is_near(piece, phrase, around):
    """Whether one Chinese character is changed, one is added inside, or one is lost."""
    if len(piece) == len(phrase):
        different = [i for i in range(len(phrase)) if piece[i] != phrase[i]]
        return len(different) == 1 and is_han(piece[different[0]])
    if len(piece) == len(phrase) + 1:
        return any(is_han(piece[i]) and piece[:i] + piece[i + 1 :] == phrase for i in range(1, len(phrase)))
    if len(piece) == len(phrase) - 1:
        return any(phrase[:i] + phrase[i + 1 :] == piece for i in range(len(phrase)))
    return False


@settings(max_examples=300, deadline=None)
@given(TERMS, LETTERS)
def test_terms_are_found_as_a_naive_reader_finds_them(terms, text):
    for engine in engines(terms or ["甲"], []):
        matches = [match for match in engine.find(text) if match.number < len(terms or ["甲"])]
        assert {(m.start, m.end, m.number, True) for m in matches} == naive(terms or ["甲"], [], text)
        assert all(fold(text[m.start : m.end], TABLE) == (terms or ["甲"])[m.number] for m in matches)


@settings(max_examples=300, deadline=None)
@given(TERMS, PHRASES, LETTERS)
def test_both_engines_find_the_same(terms, phrases, text):
    first, *others = [engine.find(text) for engine in engines([*terms, "甲"], phrases)]
    assert all(other == first for other in others)
    assert first == sorted(first)


@settings(max_examples=300, deadline=None)
@given(PHRASES, LETTERS)
def test_near_matches_are_near(phrases, text):
    """Nothing is called near that is not.

    The other direction is tried with real phrases below: in doubled characters several readings compete.
    """
    for engine in engines(["甲"], phrases):
        near = {(m.start, m.end, m.number, False) for m in engine.find(text) if m.how != SAME}
        assert near <= naive(["甲"], phrases, text)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text("甲乙丙丁", min_size=4, max_size=8), min_size=1, max_size=3, unique=True),
    st.text("甲乙丙丁戊1", max_size=60),
    st.data(),
)
def test_both_engines_leave_out_the_same_near_matches(phrases, text, data):
    right = frozenset(data.draw(st.lists(st.text("甲乙丙丁", min_size=3, max_size=8), max_size=4)))
    mistaken = [
        data.draw(st.lists(st.sampled_from(["", "乙丁", "戊"]), min_size=len(one), max_size=len(one)))
        for one in phrases
    ]
    free = [data.draw(st.lists(st.booleans(), min_size=len(one), max_size=len(one))) for one in phrases]
    asked = [[Least(ALWAYS, ALWAYS, ALWAYS, ALWAYS)] * len(one) for one in phrases]
    narrowing = Narrowing(right, mistaken, free, asked, [], 0, None)
    first, *others = [
        engine(["甲1"], phrases, TABLE, narrowing).find(text)
        for engine in (AhoCorasick, Compiled)
        if engine is AhoCorasick or Scanner
    ]
    assert all(other == first for other in others)
    wide = [match for match in AhoCorasick(["甲1"], phrases, TABLE).find(text) if match.number in (0, len(phrases) + 1)]
    assert [match for match in first if match.number in (0, len(phrases) + 1)] == wide


PHRASE = "中华人民共和国"


@pytest.mark.parametrize("place", range(7))
def test_a_phrase_with_one_other_character_is_found_wherever_it_is(place):
    text = f"在{PHRASE[:place]}大{PHRASE[place + 1 :]}，"
    for engine in engines([], [PHRASE]):
        assert [tuple(m) for m in engine.find(text)] == [(1, 8, 0, CHANGED, place)]


@pytest.mark.parametrize("place", range(1, 7))
def test_a_phrase_with_one_character_too_many_is_found(place):
    for engine in engines([], [PHRASE]):
        assert [tuple(m) for m in engine.find(f"{PHRASE[:place]}大{PHRASE[place:]}")] == [(0, 8, 0, ADDED, place)]


@pytest.mark.parametrize("place", range(7))
def test_a_phrase_that_lost_one_character_is_found(place):
    for engine in engines([], [PHRASE]):
        assert [tuple(m) for m in engine.find(f"《{PHRASE[:place]}{PHRASE[place + 1 :]}》")] == [(1, 7, 0, LOST, place)]


def test_the_right_phrase_is_no_match():
    assert all(engine.find(f"建设{PHRASE}的") == [] for engine in engines([], [PHRASE]))


@given(st.lists(LETTERS.map(lambda text: text.replace("\ud800", "")), max_size=6), TERMS)
@settings(deadline=None)
def test_a_column_gives_what_its_texts_give(texts, terms):
    import pyarrow as pa

    assert Scanner, NO_COMPILER
    engine = Compiled([*terms, "甲"], [], TABLE)
    for kind in (pa.string(), pa.large_string()):
        _, offsets, data = pa.array(texts, kind).buffers()
        flat = engine.find_all((data or b"", offsets, 0, len(texts), kind == pa.large_string())) if texts else []
        rows = [tuple(flat[i : i + 6]) for i in range(0, len(flat), 6)]
        assert rows == [(row, *match) for row, text in enumerate(texts) for match in engine.find(text)]


RUNS = st.lists(
    st.sampled_from(
        ["甲乙丙丁戊己庚辛壬癸", "丙丁", "國家", "2026年", "，", " ", "\u200b", "é", "\U00020000", "\U0001d7d8", "甲"]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("甲乙丙丁戊国家2a\U00020000", min_size=1, max_size=6), max_size=8, unique=True), RUNS)
def test_eight_characters_at_a_time_give_what_one_by_one_gives(terms, text):
    import pyarrow as pa

    assert Scanner, NO_COMPILER
    wide, plain = (Compiled([*terms, "甲"], ["丙丁戊己庚辛"], TABLE) for _ in range(2))
    plain._scanner.wide = False
    _, offsets, data = pa.array([text]).buffers()
    for texts in ([text], (data or b"", offsets, 0, 1, False)):
        assert list(wide.find_all(texts)) == list(plain.find_all(texts))
    assert wide._scanner.fold(text) == plain._scanner.fold(text) == fold(text, TABLE)
    assert wide.find(text) == AhoCorasick([*terms, "甲"], ["丙丁戊己庚辛"], TABLE).find(text)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.text("甲乙丙", min_size=1, max_size=3), min_size=1, max_size=4, unique=True),
    st.text("甲乙丙 1", max_size=30),
    st.data(),
)
def test_a_term_that_counts_only_behind_something_is_found_nowhere_else(terms, text, data):
    asked = st.builds(Behind, st.frozensets(st.sampled_from("甲乙1"), min_size=1), st.integers(1, 3))
    behind = {number: data.draw(asked) for number in range(len(terms)) if data.draw(st.booleans())}
    narrowing = Narrowing(frozenset(), [], [], [], [], 0, None, behind)
    everywhere = AhoCorasick(terms, [], TABLE).find(text)
    folded, where = fold(text, TABLE), places(text) or range(len(text))
    wanted = [
        match
        for match in everywhere
        if match.number not in behind
        or set(folded[max(0, (at := where.index(match.start)) - behind[match.number].reach) : at])
        & behind[match.number].characters
    ]
    for engine in (AhoCorasick, Compiled):
        assert engine(terms, [], TABLE, narrowing).find(text) == wanted
