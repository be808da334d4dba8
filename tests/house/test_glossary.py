"""The glossary tells the truth, both ways.

Each identifier stands in the room that the glossary names, as an identifier or a value and not in a comment alone. Each
model, each kind of object that acts are done to, each right and each thing that is seen has its line in the glossary.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.apps import apps

from xinmei.acts.declared import kinds
from xinmei.people.rights import DO, SEE

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    (term.strip(), word, room.strip(" `"))
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and line.count("`") >= 4
    for term, words, room in [line.strip("| ").split(" | ")]
    for word in re.findall(r"`([\w.]+)`", words)
]
WORDS = {(word, room) for _, word, room in ROWS}

# Models that no person speaks of, each with its reason.
UNSPOKEN = {
    "PostPairs": "an index",
    "MessagePairs": "an index",
    "RuleSeen": "a mark of the scheduler",
    "Answer": "what a program was answered, so that it may ask twice",
    "KeptReply": "the same, by API",
}


def _names(tree: ast.AST) -> Iterator[str]:
    """What the module names: its identifiers, and its strings that are nothing but a word."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)) if re.fullmatch(r"[\w.]+", text):
                yield text


def _words(data: object) -> Iterator[str]:
    """The keys and values of a file of rules."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)
    elif isinstance(data, str):
        yield data


@cache
def said_in(room: str) -> frozenset[str]:
    """Every identifier and every value that the room has; of `rules` what its files say."""
    folder = ROOT / room if room == "rules" else ROOT / "xinmei" / room
    said: set[str] = set()
    for path in folder.rglob("*"):
        if "tests" in path.parts[len(ROOT.parts) :]:
            continue
        if path.suffix == ".py":
            said.update(_names(ast.parse(path.read_text(encoding="utf-8"))))
        elif path.suffix == ".yaml":
            said.update(_words(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)))
    return frozenset(said)


def test_the_glossary_has_words():
    assert len(ROWS) > 150


@pytest.mark.parametrize("room", sorted({room for _, _, room in ROWS}))
def test_every_word_of_the_glossary_stands_in_its_room(room):
    assert [word for _, word, place in ROWS if place == room and word not in said_in(room)] == []


def test_a_word_of_a_comment_is_no_identifier():
    assert set(_names(ast.parse('"""A Ghost."""\n# ghost\nspirit = "a ghost"'))) == {"spirit"}


def test_every_model_has_its_term():
    models = {model.__name__: model for model in apps.get_models() if model.__module__.startswith("xinmei.")}
    assert set(models) >= set(UNSPOKEN), "UNSPOKEN 里有已经不存在的模型"
    assert [
        name
        for name, model in models.items()
        if name not in UNSPOKEN and (name, model.__module__.split(".")[1]) not in WORDS
    ] == [], "docs/glossary.md 里没有这些模型"


def test_every_kind_of_object_has_its_term():
    told = {(word, label) for term, word, _ in ROWS for label in re.split(r"[：、 ·（）]+", term)}
    assert [one.name for one in kinds().values() if (one.name, one.label) not in told] == []


def test_every_right_and_everything_that_is_seen_has_its_term():
    assert [name for name in (*DO, *SEE) if (name, "people") not in WORDS] == []
