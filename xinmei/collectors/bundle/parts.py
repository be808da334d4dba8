"""Values with parts: lists, objects, replies. In JSON they stand as they are, in a cell of a workbook as JSON text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinmei.collectors.bundle.faults import Fault, show
from xinmei.collectors.bundle.kinds import Flag, Kind, Text, Time, check_text


def _take_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Fault(f"键 {show(next(name for name in names if names.count(name) > 1))} 出现两次")
    return found


def _refuse_constant(word: str) -> Any:
    raise Fault(f"{word} 不是数，JSON 里没有它")


_decoder = json.JSONDecoder(object_pairs_hook=_take_pairs, parse_constant=_refuse_constant)


def read_json(text: str) -> Any:
    """One JSON value, read strictly: no key twice, no NaN, no number too long to be one.

    Raises Fault where it is no such value.
    """
    try:
        return _decoder.decode(text)
    except RecursionError:
        raise Fault("JSON 套得太深") from None
    except json.JSONDecodeError as error:
        raise Fault(f"不是正确的 JSON（第 {error.colno} 个字符处）") from None
    except ValueError:
        raise Fault("JSON 里的数太长") from None


class Json(Kind):
    """A value with parts. In a workbook its cell holds the same as JSON text."""

    def from_text(self, text: str) -> Any:
        value = read_json(text)
        if fault := check_text(value):  # an escape may stand for what no text may hold
            raise Fault(fault)
        return self.from_json(value)

    def to_json(self, value: Any) -> Any:
        return value

    def to_text(self, value: Any) -> str:
        return json.dumps(self.to_json(value), ensure_ascii=False, separators=(",", ":"))


class Strings(Json):
    """A list of texts. In a workbook they may also stand one a line or with `;` between."""

    allowed = "文字的列表"

    def from_text(self, text: str) -> list[str]:
        if text.startswith("["):
            return super().from_text(text)
        return [word for part in re.split("[;；\n]", text) if (word := part.strip())]

    def from_json(self, value: Any) -> list[str]:
        if type(value) is list:
            for entry in value:
                if type(entry) is not str or not entry:
                    raise Fault(f"列表里有 {show(entry)}，应是{self.allowed}")
            return value
        raise Fault(f"写的是 {show(value)}，应是{self.allowed}")


@dataclass(frozen=True)
class Parts(Json):
    """An object with some of the named parts, each a text.

    A part that is null is left out. One that is empty stays where `keep_empty`.
    """

    names: tuple[str, ...]
    keep_empty: bool

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f"对象，可有 {'、'.join(self.names)}，都是文字"

    def from_json(self, value: Any) -> dict[str, str]:
        if type(value) is not dict:
            raise Fault(f"写的是 {show(value)}，应是{self.allowed}")
        for name, text in value.items():
            if name not in self.names:
                raise Fault(f"不认识 {show(name)}，应是{self.allowed}")
            if text is not None and type(text) is not str:
                raise Fault(f"{name} 写的是 {show(text)}，应是文字")
        return {
            name: text for name in self.names if (text := value.get(name)) is not None and (text or self.keep_empty)
        }

    def to_json(self, value: dict[str, str]) -> dict[str, str]:
        return {name: value[name] for name in self.names if name in value}  # a database may keep them in another order


class Replies(Json):
    """Replies to a message in their order, each `(id, replied_at, text, automatic)`."""

    allowed = "答复的列表，每条有 id、replied_at、text，可有 automatic"
    needed = ("id", "replied_at", "text")

    @property
    def empty(self) -> list[Any]:  # type: ignore[override]
        return []

    def from_json(self, value: Any) -> list[tuple[str, datetime, str, bool | None]]:
        if type(value) is not list:
            raise Fault(f"写的是 {show(value)}，应是{self.allowed}")
        replies = [self._read(position, reply) for position, reply in enumerate(value, 1)]
        codes = [reply[0] for reply in replies]
        if len(set(codes)) != len(codes):
            raise Fault(
                f"有两条答复编号相同：{'、'.join(sorted({code for code in codes if codes.count(code) > 1}))}，"
                "每条答复须有自己的编号"
            )
        return replies

    def _read(self, position: int, reply: Any) -> tuple[str, datetime, str, bool | None]:
        where = f"第 {position} 条答复"
        if type(reply) is not dict:
            raise Fault(f"{where}写的是 {show(reply)}，应是对象，有 id、replied_at、text，可有 automatic")
        for name in reply:
            if name not in self.needed and name != "automatic":
                raise Fault(f"{where}里不认识 {show(name)}，可用：id、replied_at、text、automatic")
        for name in self.needed:
            if reply.get(name) is None or reply[name] == "":
                raise Fault(f"{where}缺少 {name}")
        try:
            automatic = reply.get("automatic")
            return (
                Text(most=200).from_json(reply["id"]),
                Time().from_json(reply["replied_at"]),
                Text().from_json(reply["text"]),
                None if automatic is None else Flag().from_json(automatic),
            )
        except Fault as fault:
            raise Fault(f"{where}：{fault}") from None

    def to_json(self, value: list[tuple[str, datetime, str, bool | None]]) -> list[dict[str, Any]]:
        return [
            {
                "id": code,
                "replied_at": Time().to_text(at),
                "text": text,
                **({} if automatic is None else {"automatic": automatic}),
            }
            for code, at, text, automatic in value
        ]
