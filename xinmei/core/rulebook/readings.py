"""How unclear sentences of the notice are read: the defaults of `rules/readings.yaml`, overlaid by the choices of a
run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xinmei.core.rulebook.files import Row, RulebookError, read_table

# Where a reading acts: on computing deadlines, making findings, scoring facts, closing the year from findings, or on
# what people do.
STAGES = ("due", "inspect", "score", "assess", "act")


class UnknownReading(ValueError):
    """A reading or choice does not exist. The Chinese text names those that do."""


@dataclass(frozen=True)
class Reading:
    """One sentence of the notice and the ways it may be read.

    `choices` maps each choice to its Chinese label; a reading with one choice is settled. A `contested` one may be
    compared under each choice before the year is closed. `acts_on` names the stages (`due`, `inspect`, `score`,
    `assess`, `act`) whose results depend on it.
    """

    name: str
    title: str
    sentence: str
    choices: Mapping[str, str]
    default: str
    contested: bool
    acts_on: tuple[str, ...]


def _parse(name: str, row: Row) -> Reading:
    row.check_keys(("title", "sentence", "choices", "default"), ("contested", "acts_on"))
    choices = row.row("choices")
    acts_on = row.get("acts_on", [])
    if not choices or not all(isinstance(label, str) for label in choices.values()):
        raise row.fault(f"口径 {name} 的 choices 应写出每个取值及其中文说明")
    if row["default"] not in choices:
        raise row.fault(f"口径 {name} 的 default 写的是 {row['default']}，可用：{'、'.join(choices)}")
    if not isinstance(row.get("contested", False), bool):
        raise row.fault(f"口径 {name} 的 contested 应是 true 或 false")
    if not isinstance(acts_on, list) or any(stage not in STAGES for stage in acts_on):
        raise row.fault(f"口径 {name} 的 acts_on 应取自：{'、'.join(STAGES)}")
    return Reading(
        name,
        row.text("title"),
        row.text("sentence"),
        dict(choices),
        row.text("default"),
        row.get("contested", False),
        tuple(acts_on),
    )


@cache
def readings() -> Mapping[str, Reading]:
    """Every reading by name, in the order of `rules/readings.yaml`. Raises RulebookError where that file is broken."""
    parsed = {}
    for name, row in read_table("readings.yaml").items():
        if not isinstance(row, Row):
            raise RulebookError(f"readings.yaml：口径 {name} 应是“名称: 值”的对照表")
        parsed[name] = _parse(name, row)
    return parsed


def resolve_readings(chosen: Mapping[str, object]) -> dict[str, str]:
    """The choice of every reading that has more than one: the default, or the one chosen.

    Raises UnknownReading, in Chinese, for a name or choice that does not exist.
    """
    known = readings()
    for name, choice in chosen.items():
        if name not in known:
            open_ones = "、".join(n for n, reading in known.items() if len(reading.choices) > 1)
            raise UnknownReading(f"没有名为“{name}”的口径，可用：{open_ones}")
        reading = known[name]
        if choice not in list(reading.choices):
            labels = "；".join(
                f"{key}（{label}{'，默认' if key == reading.default else ''}）"
                for key, label in reading.choices.items()
            )
            raise UnknownReading(f"口径 {name}（{reading.title}）不能取“{choice}”，可用：{labels}")
    return {
        name: str(chosen.get(name, reading.default))
        for name, reading in known.items()
        if len(reading.choices) > 1 or name in chosen
    }


def readings_for(stage: str, resolved: Mapping[str, str]) -> dict[str, str]:
    """The resolved readings that act on `stage` (`due`, `inspect`, `score`, `assess`): what a result prints as used."""
    known = readings()
    return {name: choice for name, choice in resolved.items() if stage in known[name].acts_on}
