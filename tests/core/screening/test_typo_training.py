"""The trainer's counting and packing: what goes in comes out, and a blank in a headline is a border."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))

from typo_training.counting import SIZES, Alphabet, fold_all, tally
from typo_training.filters import Layout, narrow
from typo_training.sources import folds, held_out

from xinmei.core.screening.typos.symbols import SIZE, STOP, character, class_of
from xinmei.core.screening.typos.table import _Filter

PLAIN = np.arange(SIZE, dtype=np.uint16)


def test_a_filter_gives_back_each_value_in_twelve_bits() -> None:
    keys = np.unique(np.random.default_rng(1).integers(0, 2**64 - 1, 3000, dtype=np.uint64))
    values = (np.arange(len(keys)) * 7 % 4096).astype(np.uint16)
    packed = narrow(Layout(keys).fill(values, np.uint16))
    bits, segments = (int.from_bytes(packed[i : i + 4], "little") for i in (0, 4))
    filter_ = _Filter(bits, segments, memoryview(packed)[8:], 12)
    assert [filter_.peek(key) for key in keys.tolist()] == values.tolist()


def test_windows_are_counted_up_to_five_symbols_and_not_across_a_stop() -> None:
    symbols = fold_all(["为人民服务。为人民"], PLAIN)
    alphabet = Alphabet(np.bincount(symbols, minlength=SIZE))
    found = tally(symbols, alphabet)
    seen = {
        "".join(character(one) if one > STOP else "。" for one in row): int(times)
        for size in SIZES
        for row, times in zip(
            alphabet.windows(found.keys[size], size).tolist(), found.counts[size].tolist(), strict=True
        )
    }
    assert seen["为人民"] == 2
    assert seen["为人民服务"] == 1
    assert "务。为" not in seen


@pytest.mark.parametrize(
    ("text", "border"), [("数说 发展", True), ("共 5 项", False), ("发展 A股", False), ("数说发展", False)]
)
def test_a_blank_between_two_chinese_characters_is_a_border(text: str, border: bool) -> None:
    assert (STOP in fold_all([text], PLAIN)[1:-1].tolist()) is border


def test_traditional_forms_are_counted_as_those_of_today() -> None:
    plain = PLAIN.copy()
    plain[class_of("國")] = class_of("国")
    assert fold_all(["中國"], plain).tolist() == fold_all(["中国"], PLAIN).tolist()


def test_what_tells_of_the_same_months_is_held_out_together() -> None:
    corpus = [("xwlb", "7月3日，会议召开。")] * 3 + [("weibolead", "8月9日，暴雨。")] * 3 + [("xwlb12", "1月2日开工。")]
    assert folds(corpus) == [3, 3, 3, 3, 3, 3, 0]


def test_the_newest_lines_of_a_source_and_whole_sources_are_held_out() -> None:
    held = held_out(["cls", "laws", "cls", *["news60"] * 1001])
    assert held == [True, False, True, False, *[True] * 1000]
