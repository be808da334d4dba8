"""The slot for an external model: a second opinion.

It lifts what it agrees with, and only suggests what it alone sees.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from xinmei.commands import screen
from xinmei.core.screening import Hit, Screen
from xinmei.core.screening.correcting import CorrectorMissing, Suggestion, add_opinion, load_corrector

DAY = date(2026, 5, 12)
HAS_RUNTIME = importlib.util.find_spec("onnxruntime") is not None


class Says:
    """A corrector that changes certain characters wherever they stand."""

    def __init__(self, **changes: str) -> None:
        self.changes = changes

    def suggest(self, sentences: Sequence[str]) -> list[list[Suggestion]]:
        return [
            [Suggestion(at, self.changes[one], 0.9) for at, one in enumerate(sentence) if one in self.changes]
            for sentence in sentences
        ]


def hit(start: int, end: int, text: str, shelf: str) -> Hit:
    return Hit(start, end, "model/typo", text, "typo", "medium", shelf, "报", "附件2", 0.5)


def test_what_the_corrector_alone_sees_is_possible_and_lies_in_its_place():
    text = "第一句。请及时上抱情况。"
    (found,) = add_opinion(text, [], Says(抱="报"))
    assert (found.text, text[found.start : found.end], found.suggest, found.shelf) == ("抱", "抱", "报", "possible")


def test_a_possible_wrong_word_on_which_both_agree_is_confident():
    text = "请上抱情况"
    possible = hit(2, 3, "抱", "possible")
    assert add_opinion(text, [possible], Says(抱="报")) == [replace(possible, shelf="confident", confidence=0.95)]
    assert add_opinion(text, [possible], Says(情="晴"))[0] == possible


def test_a_hit_of_another_kind_is_left_as_it_is():
    advert = replace(hit(0, 2, "请上", "possible"), category="advert")
    assert add_opinion("请上", [advert], Says(请="清")) == [advert]


def test_a_corrector_that_says_nothing_changes_nothing():
    text = "市人民攻府召开会议"
    [hits] = Screen.load().scan([text], DAY)
    assert add_opinion(text, hits, Says()) == hits


@pytest.mark.skipif(HAS_RUNTIME, reason="onnxruntime is installed")
def test_without_onnxruntime_it_is_said_what_to_install(tmp_path):
    with pytest.raises(CorrectorMissing, match="pip install"):
        load_corrector(tmp_path)


@pytest.mark.skipif(not HAS_RUNTIME, reason="the extra [ocr] is not installed")
def test_a_missing_or_broken_model_is_said(tmp_path):
    with pytest.raises(CorrectorMissing, match=r"model\.onnx"):
        load_corrector(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"nothing")
    (tmp_path / "vocab.txt").write_text("[UNK]\n")
    with pytest.raises(CorrectorMissing, match="不是能用的 ONNX 模型"):
        load_corrector(tmp_path)


@pytest.mark.skipif(
    not HAS_RUNTIME or importlib.util.find_spec("onnx") is None, reason="onnxruntime and onnx are not installed"
)
def test_a_real_model_is_asked(tmp_path):
    _write_model(tmp_path, {"攻": "政"})
    text = "市人民攻府召开会议。"
    assert load_corrector(tmp_path).suggest([text])[0][0].suggest == "政"
    (found,) = add_opinion(text, [], load_corrector(tmp_path))
    assert (found.start, found.suggest, found.shelf) == (3, "政", "possible")


def _write_model(folder: Path, changes: dict[str, str]) -> None:
    """A model of one table: for each entry of the vocabulary the scores of all entries."""
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    words = ["[UNK]", "[CLS]", "[SEP]", *"市人民攻府政召开会议"]
    table = numpy.eye(len(words), dtype=numpy.float32) * 20
    for wrong, right in changes.items():
        table[words.index(wrong)] = table[words.index(right)]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["logits"])],
        "csc",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, None])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, None, len(words)])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")


def test_the_command_takes_packs_and_a_corrector(tmp_path, capsys):
    pack = tmp_path / "entries.yaml"
    head = "id: own_typo\ntitle: 自定词条\nkind: words\ncategory: typo\nclause: 附件2\nsource: 公报\n"
    pack.write_text(head + "entries:\n- {find: 澄洲市, suggest: 澄州市, hit: 澄洲市, miss: 澄州市}\n")
    text = tmp_path / "text.txt"
    text.write_text("澄洲市今日停水")
    parser = argparse.ArgumentParser()
    screen.add_arguments(parser)
    assert screen.run(parser.parse_args([str(text), "--pack", str(pack), "--json"])) == 1
    assert "own_typo/澄洲市" in capsys.readouterr().out
    for content in ("[1]", "id: x", ": ["):
        pack.write_text(content)
        with pytest.raises(screen.UsageError):
            screen.run(parser.parse_args([str(text), "--pack", str(pack)]))
