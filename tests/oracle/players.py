"""Plays walks on a product, act by act, beside the oracle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from .acts import Answer
from .differences import compare
from .draft import Draft, view
from .oracle import Oracle
from .town import Account, Town


class Product(Protocol):
    def do(self, act: dict[str, Any]) -> dict[str, Any]: ...


@dataclass
class Difference:
    """One act that a product answers otherwise than the oracle."""

    walk: str
    act: dict[str, Any]
    lines: list[str]
    got: dict[str, Any]
    before: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return f"{self.act.get('verb')}: {self.lines[0]}"


def environment(var: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINMEI_")}
    return kept | {"XINMEI_VAR": str(var), "XINMEI_SECOND_FACTOR": "off"}


class Served:
    """A product that answers line by line: one process of `do --jsonl`."""

    def __init__(self, product: list[str], var: Path) -> None:
        self.process = subprocess.Popen(
            [*product, "do", "--jsonl"],
            env=environment(var),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )

    def do(self, act: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(act, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            return {"ok": None, "refused": "no answer", "why": "the product ended"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


@contextmanager
def imported(product: list[str], town: Path) -> Iterator[Path]:
    """A folder in which the town was imported once; each walk starts on a copy of it."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder) / "town"
        subprocess.run([*product, "import", str(town)], env=environment(var), check=True, capture_output=True)
        yield var


@contextmanager
def served(product: list[str], var: Path) -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "var"
        shutil.copytree(var, copy)
        running = Served(product, copy)
        try:
            yield running
        finally:
            running.close()


def play(product: Product, town: Town, name: str, acts: int, kind: Any) -> tuple[int, list[Difference]]:
    """One walk; it ends where product and oracle go different ways."""
    oracle = Oracle(town)
    walk = kind(oracle, name)
    told: set[str] = set()
    found: list[Difference] = []
    before: list[dict[str, Any]] = []
    for number in range(1, acts + 1):
        act = walk.act()
        if (said := getattr(product, "said", None)) is not None:
            act = said(act)
        again = (act.get("by") or "", act.get("key")) in oracle.keys
        got = product.do(act)
        answer = oracle.answer(act)
        if not again:
            learn(oracle, answer, got)
        walk.told(act, answer.thing if answer.ok else None)
        lines = [line for line in compare(answer, got) if _named(line) not in told]
        told |= {_named(line) for line in lines if ": " in line}
        if lines:
            found.append(Difference(name, act, lines, got, [*before]))
        before.append(act | {"answered": got.get("refused") or "ok"})
        if answer.ok != got.get("ok"):
            return number, found
    return acts, found


def _named(line: str) -> str:
    return line.split(":")[0]


def learn(oracle: Oracle, answer: Answer, got: dict[str, Any]) -> None:
    """What only the product can know: the codes of accounts and the numbers of incidents that it makes."""
    shown = got.get("object") or {}
    if not answer.ok or not got.get("ok"):
        return
    if isinstance(answer.thing, Draft):
        answer.thing.id = str(shown.get("id") or answer.thing.id)
        answer.thing.hits = shown.get("hits", answer.thing.hits)
        if answer.object:
            answer.object = view(answer.thing)
    elif isinstance(answer.thing, Account):
        for incident, said in zip(answer.thing.incidents, shown.get("incidents") or [], strict=False):
            incident.id = str(said.get("id"))
    elif str(getattr(answer.thing, "account", None) or "").startswith("new ") and shown.get("account"):
        oracle.rename(answer.thing, str(shown["account"]))
        if answer.object:
            answer.object["account"] = shown["account"]
