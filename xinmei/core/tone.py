"""How much a reply sounds like one of a kind: sums of weights of its runs of one to three characters.

The weights are made by `tools/train_tone.py` from written examples (`rules/replies/tone.json`); they suggest, and a
person reads. Pure counting.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from xinmei.core.rulebook.files import RULES, RulebookError

FILE = RULES / "replies" / "tone.json"
_BLANK = re.compile(r"\s+")
_DIGIT = re.compile(r"\d+")
LONGEST_RUN = 3


class Tone(NamedTuple):
    """The weights of one kind; from `least` on a reply is of that kind."""

    bias: float
    least: float
    weights: Mapping[str, float]


def runs_of(text: str) -> frozenset[str]:
    """The runs of one to three characters of a reply; every number is one character, its ends are marked."""
    bare = f"^{_DIGIT.sub('0', _BLANK.sub('', unicodedata.normalize('NFKC', text)))}$"
    return frozenset(
        bare[place : place + length] for length in range(1, LONGEST_RUN + 1) for place in range(len(bare) - length + 1)
    )


def score_of(tone: Tone, runs: frozenset[str]) -> float:
    """The sum of the weights, so that a long reply does not count more than a short one."""
    return float(tone.bias + sum(tone.weights.get(run, 0.0) for run in runs) / len(runs) ** 0.5)


def loudest(reply: str, kinds: Iterable[str]) -> tuple[str, str]:
    """The kind of these that the reply sounds like most, and the words that say so most; ("", "") where it is none."""
    runs = runs_of(reply)
    over = {kind: score_of(tones()[kind], runs) - tones()[kind].least for kind in kinds}
    kind = max(over, key=lambda one: over[one], default="")
    if not kind or over[kind] < 0:
        return "", ""
    weights = tones()[kind].weights
    words = (run for run in runs if len(run) > 1 and run.isalpha())
    return kind, "、".join(sorted(words, key=lambda run: (-weights.get(run, 0.0), run))[:3]) or reply[:10]


@cache
def tones() -> Mapping[str, Tone]:
    """The weights of each kind. Raises RulebookError where the file is not as it is made."""
    try:
        kinds = json.loads(FILE.read_text("utf-8"))["kinds"]
        return {
            kind: Tone(float(row["bias"]), float(row["least"]), dict(row["weights"])) for kind, row in kinds.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RulebookError(f"rules/replies/tone.json 读不懂（{error!r}）；用 tools/train_tone.py 重做") from None
