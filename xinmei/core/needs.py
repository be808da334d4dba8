"""Which personal data a service asks for, and what of it such a service does not need: suggested to a person.

「不得违法违规获取超过服务需求的个人信息」. The table stands in `rules/services/`, by kind of service, with its law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from xinmei.core.rulebook.files import RULES, Row, read_table
from xinmei.core.rulebook.indicators import dated_files

KEYS = ("title", "document", "clause", "in_force", "items", "services")


@dataclass(frozen=True, slots=True)
class Excess:
    """What a service of that kind does not need, and the law that says so."""

    service: str
    items: tuple[str, ...]
    law: str


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    words: tuple[str, ...]
    needs: frozenset[str]
    law: str


@dataclass(frozen=True, slots=True)
class _Table:
    items: tuple[tuple[str, tuple[str, ...]], ...]
    services: tuple[_Service, ...]


def asked_by(fields: Iterable[str]) -> tuple[str, ...]:
    """The items of personal data that fields with these texts ask for. What is asked does not depend on the day."""
    asked = [field.lower() for field in fields]
    return tuple(item for item, words in _newest().items if any(word in field for word in words for field in asked))


def excess_of(name: str, asked: Iterable[str], on: date) -> Excess | None:
    """What a function of that name asks for and does not need; None where nothing, or its kind is not known."""
    table = _table(on)
    service = next((one for one in table.services if any(word in name for word in one.words)), None) if table else None
    if service is None:
        return None
    items = tuple(item for item in asked if item not in service.needs)
    return Excess(service.name, items, service.law) if items else None


def _files() -> list[tuple[date, Path]]:
    return dated_files(RULES / "services")["needs"]


@cache
def _newest() -> _Table:
    return _read(_files()[-1][1])


@cache
def _table(on: date) -> _Table | None:
    fitting = [path for day, path in _files() if day <= on]
    return _read(fitting[-1]) if fitting else None


@cache
def _read(path: Path) -> _Table:
    """Raises RulebookError where an entry does not do what its examples say."""
    table = read_table(path)
    table.check_keys(KEYS)
    items = [(row.text("item"), _words(row, ("item", "words", "hit", "near_miss"))) for row in table.rows("items")]
    known = {item for item, _ in items}
    services = [_read_service(row, known) for row in table.rows("services")]
    return _Table(tuple(items), tuple(services))


def _read_service(row: Row, known: set[str]) -> _Service:
    words = _words(row, ("service", "words", "needs", "law", "hit", "near_miss"))
    needs = row.get("needs")
    if not isinstance(needs, list) or not set(needs) <= known:
        raise row.fault(f"needs 应是上面列出的项目：{'、'.join(sorted(known))}")
    if not row.text("law"):
        raise row.fault("law 要写明依据哪一条")
    return _Service(row.text("service"), words, frozenset(needs), row.text("law"))


def _words(row: Row, keys: tuple[str, ...]) -> tuple[str, ...]:
    row.check_keys(keys)
    words = row.get("words")
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise row.fault("words 应是词的列表")
    for example, wanted in ((row.text("hit"), True), (row.text("near_miss"), False)):
        if any(word in example for word in words) is not wanted:
            raise row.fault(f"例子“{example}”{'应当' if wanted else '不应'}命中")
    return tuple(word.lower() for word in words)
