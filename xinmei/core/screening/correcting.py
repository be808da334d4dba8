"""The slot for an external model: a second opinion on wrong words (docs/decisions/0176).

    corrector = load_corrector(Path("…/csc"))          a folder with model.onnx and vocab.txt
    hits = add_opinion(text, hits, corrector)

The operator provides the folder, as BERT-like models for Chinese are exported to ONNX.

Nothing of it ships with the package; without a corrector nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from xinmei.core.screening.hits import CONFIDENCE, Hit
from xinmei.core.screening.matcher import is_han
from xinmei.core.screening.screen import MODEL_CLAUSE
from xinmei.core.screening.typos import SENTENCE

RULE = "model/second"
LONGEST, SURE = 500, 0.75


class CorrectorMissing(Exception):
    """No corrector can be loaded. The Chinese text says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One character that should be another: `sentence[place]` should perhaps read `suggest`.

    `confidence` is between 0 and 1.
    """

    place: int
    suggest: str
    confidence: float


class Corrector(Protocol):
    """What an external model must be able to do."""

    def suggest(self, sentences: Sequence[str]) -> list[list[Suggestion]]:
        """The changes it suggests for each sentence, in order."""


def add_opinion(text: str, hits: Sequence[Hit], corrector: Corrector) -> list[Hit]:
    """The hits together with what the corrector finds.

    A possible wrong word becomes confident where the corrector agrees. What it alone finds is possible.
    """
    found = [match for match in SENTENCE.finditer(text) if len(match.group()) <= LONGEST]
    taken = {place for hit in hits for place in range(hit.start, hit.end)}
    agreed: set[int] = set()
    added = []
    for match, suggestions in zip(found, corrector.suggest([match.group() for match in found]), strict=True):
        for one in suggestions:
            start = match.start() + one.place
            if start in taken:
                agreed.add(start)
            else:
                why = f"外接模型：更常见“{one.suggest}”"
                piece = text[start]
                added.append(
                    Hit(
                        start,
                        start + 1,
                        RULE,
                        piece,
                        "typo",
                        "medium",
                        "possible",
                        one.suggest,
                        MODEL_CLAUSE,
                        CONFIDENCE["possible"],
                        why,
                    )
                )
    lifted = [
        hit.on_shelf("confident")
        if hit.category == "typo" and hit.shelf == "possible" and agreed.intersection(range(hit.start, hit.end))
        else hit
        for hit in hits
    ]
    return sorted([*lifted, *added])


def load_corrector(folder: Path) -> Corrector:
    """The model in `folder`.

    Raises CorrectorMissing where onnxruntime or a file is missing, or the file is not such a model.
    """
    try:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as state
    except ImportError:
        raise CorrectorMissing(
            "没有安装 onnxruntime，不能用外接模型。"
            "请安装：pip install 'xinmei[ocr]'（或 pip install onnxruntime numpy）"
        ) from None
    model, vocabulary = folder / "model.onnx", folder / "vocab.txt"
    for path in (model, vocabulary):
        if not path.is_file():
            raise CorrectorMissing(f"没有找到 {path}。外接模型是一个文件夹，里面要有 model.onnx 和 vocab.txt。")
    try:
        session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    except (
        state.Fail,
        state.InvalidProtobuf,
        state.InvalidGraph,
        state.InvalidArgument,
        state.NotImplemented,
        state.RuntimeException,
    ) as error:
        raise CorrectorMissing(f"{model} 不是能用的 ONNX 模型（{str(error)[:80]}），请重新导出。") from None
    return OnnxCorrector(session, vocabulary.read_text(encoding="utf-8").split("\n"))


class OnnxCorrector:
    """A model that reads characters and gives, for each place, a score for every entry of its vocabulary."""

    def __init__(self, session: Any, vocabulary: Sequence[str]) -> None:
        self._session, self._vocabulary = session, list(vocabulary)
        self._numbers = {word: number for number, word in enumerate(self._vocabulary) if word}
        self._inputs = [one.name for one in session.get_inputs()]

    def suggest(self, sentences: Sequence[str]) -> list[list[Suggestion]]:
        """Takes one sentence at a time: they differ in length, and a draft has few."""
        return [self._suggest(sentence) for sentence in sentences]

    def _suggest(self, sentence: str) -> list[Suggestion]:
        import numpy

        unknown = self._numbers.get("[UNK]", 0)
        numbers = [
            self._numbers.get("[CLS]", unknown),
            *(self._numbers.get(one.lower(), unknown) for one in sentence),
            self._numbers.get("[SEP]", unknown),
        ]
        given = {"input_ids": numbers, "attention_mask": [1] * len(numbers), "token_type_ids": [0] * len(numbers)}
        feed = {name: numpy.array([given[name]], dtype=numpy.int64) for name in self._inputs if name in given}
        scores = self._session.run(None, feed)[0][0][1:-1]
        found = []
        for place, (character, row) in enumerate(zip(sentence, scores, strict=True)):
            best = int(row.argmax())
            word = self._vocabulary[best] if best < len(self._vocabulary) else ""
            if word != character and len(word) == 1 and is_han(word) and is_han(character):
                sure = float(1 / numpy.exp(row - row[best]).sum())
                if sure >= SURE:
                    found.append(Suggestion(place, word, round(sure, 3)))
        return found
