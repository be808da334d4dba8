"""Indicator sets as dated editions: `rules/indicators/<id>.<day in force>.yaml`, the newest in force on a day holds.

A used edition is locked by its hash (`LOCK.yaml`): who wants other numbers writes a new file with a new day, so that old results never change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from xinmei.core.rulebook.files import RULES, Row, RulebookError, day_of, read_table
from xinmei.core.rulebook.readings import readings

KINDS = ("VETO", "DEDUCTION", "BONUS", "DUTY")
# once: 扣10分 without 每; each: 每起/每次/每个/每少1条; shortfall: pieces short of a target; tiers: by a total; awards: by who gave it.
COUNTED = ("once", "each", "shortfall", "tiers", "awards")
RECORDED_BY = ("system", "machine", "person")
HOUSE_SETS = ("inspection", "assessment", "duty")


class UnknownSet(ValueError):
    """There is no such indicator set, or none in force on that day; the Chinese text says which there are."""


class IncompleteSet(ValueError):
    """An indicator set of which rules or numbers are missing was to be used; the Chinese text says what is missing."""


@dataclass(frozen=True)
class Example:
    """A case in words; `facts` and the `points` the criterion takes for them before any cap (None: it vetoes)."""

    case: str
    facts: Mapping[str, int]
    points: Decimal | None


@dataclass(frozen=True)
class Criterion:
    """One 评分细则. `facts` are the names under which its counts are given; `about` says whether an account or a unit is at fault.

    `recorded_by`: `system` (only the system itself), `machine` (a watch suspects, a person decides; a person may also enter it), `person`.
    """

    set: str
    indicator: str
    criterion: str
    title: str
    indicator_title: str
    clause: str
    kind: str
    recorded_by: str
    about: str
    counted: str
    unit_of_count: str
    points: Decimal
    at_least: int
    target: int | None
    tiers: tuple[tuple[int, Decimal], ...]
    awards: Mapping[str, Decimal]
    facts: tuple[str, ...]
    params: Mapping[str, Any]
    hit: Example
    near_miss: Example


@dataclass(frozen=True)
class Indicator:
    """One 二级指标: `worth` is the most its criteria may take or give together (None: no limit stated)."""

    id: str
    title: str
    kind: str
    worth: Decimal | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Edition:
    """One edition of a set. `base` None: no points, vetoes only; `fail_below` and `bonus_above` as the document states them, else None.

    `readings`: those that act on its sheet.
    """

    id: str
    title: str
    document: str
    source: str
    in_force: date | None
    base: Decimal | None
    fail_below: Decimal | None
    bonus_above: Decimal | None
    indicators: tuple[Indicator, ...]
    parameters: Mapping[str, Any]
    readings: tuple[str, ...]

    @property
    def edition(self) -> str:
        """The day in force, `2021-06-20`; `undated` where the document's day is not known."""
        return self.in_force.isoformat() if self.in_force else "undated"

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Its criteria by their identifiers, in the order of the document."""
        return {criterion.criterion: criterion for indicator in self.indicators for criterion in indicator.criteria}


def _number(row: Row, key: str) -> Decimal | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise row.fault(f"{key} 应是不小于0的数，写的是 {value!r}")
    return Decimal(value)


def _choice(row: Row, key: str, allowed: tuple[str, ...], default: str) -> str:
    value = row.text(key, default)
    if value not in allowed:
        raise row.fault(f"{key} 写的是“{value}”，可用：{'、'.join(allowed)}")
    return value


def _example(row: Row, key: str, kind: str) -> Example:
    if key not in row:
        name = "命中例（hit）" if key == "hit" else "近似而不算的例（near_miss）"
        raise row.fault(f"细则 {row.text('id')} 缺少{name}：每条细则都要各写一例，否则不予载入")
    example = row.row(key).check_keys(("case",) if kind == "DUTY" else ("case", "facts", "points"))
    facts = example.row("facts")
    if any(type(count) is not int for count in facts.values()):
        raise example.fault("facts 的值应是整数")
    return Example(example.text("case"), dict(facts), _number(example, "points"))


def _criterion(row: Row, set_id: str, indicator: Row) -> Criterion:
    kind = indicator.text("kind")
    optional = {
        "VETO": ("at_least",),
        "DEDUCTION": ("points", "target"),
        "BONUS": ("points", "tiers", "awards", "fact"),
        "DUTY": (),
    }[kind]
    scored = ("counted",) if kind in ("DEDUCTION", "BONUS") else ()
    row.check_keys(
        ("id", "title", "clause", "recorded_by", "hit", "near_miss", *scored),
        (*optional, "about", "unit_of_count", "params"),
    )
    counted = _choice(row, "counted", COUNTED, "once")
    needed = {"tiers": "tiers", "awards": "awards"}.get(counted, "points" if scored else None)
    if needed and needed not in row:
        raise row.fault(f"细则 {row.text('id')} 的 counted 是 {counted}，须写 {needed}")
    if counted == "each" and not row.text("unit_of_count"):
        raise row.fault(f"细则 {row.text('id')} 的 counted 是 each，须写 unit_of_count（如 每起、每次）")
    if counted == "shortfall" and type(row.get("target")) is not int:
        raise IncompleteSet(f"指标 {set_id} 尚不能计分：细则“{row.text('title')}”的目标数（target）另行规定，请先填入")
    tiers = [tier.check_keys(("below", "points")) for tier in row.rows("tiers")]
    awards = row.row("awards")
    name = row.text("id")
    return Criterion(
        set=set_id,
        indicator=indicator.text("id"),
        criterion=name,
        title=row.text("title"),
        indicator_title=indicator.text("title"),
        clause=row.text("clause"),
        kind=kind,
        recorded_by=_choice(row, "recorded_by", RECORDED_BY, ""),
        about=_choice(row, "about", ("account", "unit"), "account"),
        counted=counted,
        unit_of_count=row.text("unit_of_count"),
        points=_number(row, "points") or Decimal(0),
        at_least=int(_number(row, "at_least") or 1),
        target=row.get("target"),
        tiers=tuple((int(_number(tier, "below") or 0), _number(tier, "points") or Decimal(0)) for tier in tiers),
        awards={award: _number(awards, award) or Decimal(0) for award in awards},
        facts=tuple(awards) or (row.text("fact", name),),
        params=row.row("params"),
        hit=_example(row, "hit", kind),
        near_miss=_example(row, "near_miss", kind),
    )


def _indicator(row: Row, set_id: str) -> Indicator:
    row.check_keys(("id", "title", "kind", "criteria"), ("worth",))
    kind = _choice(row, "kind", KINDS, "")
    criteria = tuple(_criterion(entry, set_id, row) for entry in row.rows("criteria"))
    return Indicator(row.text("id"), row.text("title"), kind, _number(row, "worth"), criteria)


def _check_lock(path: Path) -> None:
    lock = path.parent / "LOCK.yaml"
    if not lock.exists():
        return
    expected = read_table(lock).get(path.name)
    found = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    if expected not in (None, found):
        raise RulebookError(
            f"{path.name}：这一版本已经用于计分，内容却与 LOCK.yaml 中的记录不符。已使用的版本不得改动；"
            f"需要调整的，请恢复原文件，另立一个新施行日期的文件"
        )


def _parse(path: Path) -> Edition:
    _check_lock(path)
    row = read_table(path)
    set_id = row.text("id")
    if row.get("complete") is False:
        row.check_keys(("id", "title", "document", "complete", "missing"), ("source", "in_force", "known"))
        raise IncompleteSet(
            f"指标 {set_id}（{row.text('title')}）不完整，不能计分：{row.text('missing')}。请由人对照原件补全后再用"
        )
    common = ("id", "title", "document", "in_force", "complete")
    in_force = day_of(row, "in_force") if row.get("in_force") is not None else None
    if path.name != _file_name(set_id, in_force):
        raise row.fault(f"文件名应与内容一致：{_file_name(set_id, in_force)}")
    if "same_as" in row:
        row.check_keys((*common, "same_as"), ("source",))
        original = _parse(path.parent / f"{row.text('same_as')}.yaml")
        return replace(
            original,
            id=set_id,
            title=row.text("title"),
            document=row.text("document"),
            source=row.text("source"),
            in_force=in_force,
        )
    row.check_keys((*common, "indicators"), ("source", "base", "fail_below", "bonus_above", "parameters", "readings"))
    indicators = tuple(_indicator(entry, set_id) for entry in row.rows("indicators"))
    names = [criterion.criterion for indicator in indicators for criterion in indicator.criteria]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise row.fault(f"细则标识重复：{'、'.join(twice)}，一个版本内每个标识只能用一次")
    used = row.get("readings", [])
    if not isinstance(used, list) or any(name not in readings() for name in used):
        raise row.fault(f"readings 应是口径名称的列表，可用：{'、'.join(readings())}")
    return Edition(
        id=set_id,
        title=row.text("title"),
        document=row.text("document"),
        source=row.text("source"),
        in_force=in_force,
        base=_number(row, "base"),
        fail_below=_number(row, "fail_below"),
        bonus_above=_number(row, "bonus_above"),
        indicators=indicators,
        parameters=row.row("parameters"),
        readings=tuple(used),
    )


def _file_name(set_id: str, in_force: date | None) -> str:
    return f"{set_id}.{in_force.isoformat()}.yaml" if in_force else f"{set_id}.yaml"


def editions_in(folder: Path) -> dict[str, list[tuple[date, Path]]]:
    """The files of each set, oldest edition first; an edition whose day is not known stands for every day."""
    found: dict[str, list[tuple[date, Path]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        set_id, _, day = path.stem.partition(".")
        if path.name == "LOCK.yaml":
            continue
        try:
            found.setdefault(set_id, []).append((date.fromisoformat(day) if day else date.min, path))
        except ValueError:
            raise RulebookError(f"{path.name}：文件名应为 标识.施行日期.yaml，如 inspection.2021-06-20.yaml") from None
    for set_id, editions in found.items():
        editions.sort()
        if len(editions) > 1 and editions[0][0] == date.min:
            raise RulebookError(
                f"指标 {set_id} 的版本重叠：{editions[0][1].name} 没有施行日期，不能与 {editions[1][1].name} 并存"
            )
    return found


@cache
def indicator_set(set_id: str, on: date | None = None, folder: Path = RULES / "indicators") -> Edition:
    """The edition of a set in force on a day (the newest where no day is given).

    Raises UnknownSet for a set that does not exist or a day before its first edition, IncompleteSet where rules of it are missing,
    RulebookError where its file is broken or a used edition was changed.
    """
    files = editions_in(folder)
    if set_id not in files:
        raise UnknownSet(f"没有名为“{set_id}”的指标，可用：{'、'.join(sorted(files))}")
    in_force = [path for day, path in files[set_id] if on is None or day <= on]
    if not in_force:
        raise UnknownSet(f"指标 {set_id} 的第一个版本自 {files[set_id][0][0]} 起施行，{on} 尚无版本可用")
    return _parse(in_force[-1])


@cache
def criteria(on: date | None = None) -> Mapping[tuple[str, str], Criterion]:
    """Every criterion by (set, criterion) of 附件1, 附件2 and the duties of the notice, in that order, as in force on a day (default: the newest)."""
    editions = [indicator_set(set_id, on) for set_id in HOUSE_SETS]
    return {(edition.id, name): criterion for edition in editions for name, criterion in edition.criteria.items()}


@dataclass(frozen=True)
class Feed:
    """What a confirmed finding is to 附件2: the criterion it counts under (None: costs nothing), and whether it is a problem for 合格率."""

    to: str | None
    problem: bool


@cache
def feeds(on: date | None = None) -> Mapping[tuple[str, str], Feed]:
    """How findings feed 附件2, by (set, criterion): `rules/feeds/feeds.<day>.yaml` as in force on a day (default: the newest).

    Raises UnknownSet for a day before the first table, RulebookError where a criterion is unknown.
    """
    files = editions_in(RULES / "feeds")["feeds"]
    in_force = [path for day, path in files if on is None or day <= on]
    if not in_force:
        raise UnknownSet(f"计入对照表自 {files[0][0]} 起施行，{on} 尚无版本可用")
    row = read_table(in_force[-1]).check_keys(("title", "document", "in_force", "feeds"))
    known, table = criteria(), {}
    for name, entry in row.row("feeds").items():
        set_id, _, criterion = name.partition("/")
        to = entry.check_keys(("to", "problem"))["to"]
        if (set_id, criterion) not in known or (to is not None and ("assessment", to) not in known):
            raise entry.fault(f"对照表中的 {name} → {to} 有不认识的细则")
        table[set_id, criterion] = Feed(to, bool(entry["problem"]))
    return table
