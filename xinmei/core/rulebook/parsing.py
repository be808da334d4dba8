"""Reads one edition of an indicator set from its file, strictly."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from xinmei.core.rulebook.editions import (
    COUNTED,
    KINDS,
    RECORDED_BY,
    Criterion,
    Edition,
    Example,
    IncompleteSet,
    Indicator,
)
from xinmei.core.rulebook.files import Row, RulebookError, day_of, read_table
from xinmei.core.rulebook.readings import readings


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


def _check_criterion(row: Row, set_id: str, kind: str) -> None:
    """Raises RulebookError where a key is missing or unknown, IncompleteSet where a target is still to be set."""
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


def _criterion(row: Row, set_id: str, indicator: Row) -> Criterion:
    kind = indicator.text("kind")
    _check_criterion(row, set_id, kind)
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
        counted=_choice(row, "counted", COUNTED, "once"),
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


def _check_complete(row: Row) -> None:
    if row.get("complete") is False:
        row.check_keys(("id", "title", "document", "complete", "missing"), ("source", "in_force", "known"))
        what = f"指标 {row.text('id')}（{row.text('title')}）"
        raise IncompleteSet(f"{what}不完整，不能计分：{row.text('missing')}。请由人对照原件补全后再用")


def _check_names(row: Row, indicators: tuple[Indicator, ...]) -> None:
    names = [criterion.criterion for indicator in indicators for criterion in indicator.criteria]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise row.fault(f"细则标识重复：{'、'.join(twice)}，一个版本内每个标识只能用一次")


def _readings(row: Row) -> tuple[str, ...]:
    used = row.get("readings", [])
    if not isinstance(used, list) or any(name not in readings() for name in used):
        raise row.fault(f"readings 应是口径名称的列表，可用：{'、'.join(readings())}")
    return tuple(used)


def _read_in_force(path: Path, row: Row) -> date | None:
    """The day from which it holds. The name of the file must say the same."""
    in_force = day_of(row, "in_force") if row.get("in_force") is not None else None
    expected = _file_name(row.text("id"), in_force)
    if path.name != expected:
        raise row.fault(f"文件名应与内容一致：{expected}")
    return in_force


def parse_edition(path: Path) -> Edition:
    """The edition in a file. Raises IncompleteSet, and RulebookError where the file is broken or was changed."""
    _check_lock(path)
    row = read_table(path)
    set_id = row.text("id")
    _check_complete(row)
    common = ("id", "title", "document", "in_force", "complete")
    in_force = _read_in_force(path, row)
    if "same_as" in row:
        row.check_keys((*common, "same_as"), ("source",))
        original = parse_edition(path.parent / f"{row.text('same_as')}.yaml")
        title, document, source = (row.text(name) for name in ("title", "document", "source"))
        return replace(original, id=set_id, title=title, document=document, source=source, in_force=in_force)
    row.check_keys((*common, "indicators"), ("source", "base", "fail_below", "bonus_above", "parameters", "readings"))
    indicators = tuple(_indicator(entry, set_id) for entry in row.rows("indicators"))
    _check_names(row, indicators)
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
        readings=_readings(row),
    )


def _file_name(set_id: str, in_force: date | None) -> str:
    return f"{set_id}.{in_force.isoformat()}.yaml" if in_force else f"{set_id}.yaml"
