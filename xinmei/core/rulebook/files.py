"""Strict YAML: only plain data passes, and every mapping remembers its line so that errors can name it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from re import compile as pattern
from typing import Any

import yaml


def _find_rules() -> Path:
    """Where the law is: the setting XINMEI_RULES, else inside an installed package, else beside the code."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "rules"
    return Path(os.environ.get("XINMEI_RULES") or (inside if inside.is_dir() else package.parent / "rules"))


RULES = _find_rules()


class RulebookError(Exception):
    """A file of `rules/` is wrong. The Chinese text names file and line, what was found and what is allowed."""


class Row(dict[str, Any]):
    """A mapping of a rules file. `where` is its file and line, for errors."""

    where: str = "规则文件"

    def fault(self, text: str) -> RulebookError:
        """The error to raise about this mapping."""
        return RulebookError(f"{self.where}：{text}")

    def check_keys(self, required: Iterable[str], optional: Iterable[str] = ()) -> Row:
        """This mapping.

        Raises RulebookError where a required key is missing or a key is unknown, naming the keys allowed.
        """
        required, optional = list(required), list(optional)
        missing = [key for key in required if key not in self]
        unknown = [str(key) for key in self if key not in required and key not in optional]
        if missing or unknown:
            found = "；".join([f"缺少 {key}" for key in missing] + [f"不认识 {key}" for key in unknown])
            raise self.fault(f"{found}。必填：{'、'.join(required) or '无'}；可填：{'、'.join(optional) or '无'}")
        return self

    def rows(self, key: str) -> list[Row]:
        """The list of mappings under `key` ([] where absent). Raises RulebookError where it is anything else."""
        value = self.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, Row) for entry in value):
            raise self.fault(f"{key} 应是若干条目的列表")
        return value

    def row(self, key: str) -> Row:
        """The mapping under `key` (empty where absent). Raises RulebookError where it is anything else."""
        value = self.get(key)
        if value is None:
            value = Row()
            value.where = self.where
        if not isinstance(value, Row):
            raise self.fault(f"{key} 应是“名称: 值”的对照表，写的是 {value!r}")
        return value

    def text(self, key: str, default: str = "") -> str:
        """The text under `key` without surrounding blanks. Raises RulebookError where it is no text."""
        value = self.get(key, default)
        if not isinstance(value, str):
            raise self.fault(f"{key} 应是文字，写的是 {value!r}")
        return value.strip()


class _Loader(yaml.CSafeLoader):
    """YAML without its traps: `on` is not true, 12:30 not 750, 010 not 8, and numbers with a point are Decimal."""

    file = ""
    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}

    def construct_mapping_strictly(self, node: yaml.MappingNode) -> Row:
        row = Row()
        row.where = f"{self.file} 第{node.start_mark.line + 1}行"
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            line = f"{self.file} 第{key_node.start_mark.line + 1}行"
            if not isinstance(key, str):
                raise RulebookError(f"{line}：键 {key!r} 应是文字；数字或日期作键时请加引号")
            if key in row:
                raise RulebookError(f"{line}：键 {key} 重复，同一处只能写一次")
            row[key] = self.construct_object(value_node, deep=True)
        return row

    def construct_decimal(self, node: yaml.ScalarNode) -> Decimal:
        return Decimal(node.value)

    def construct_day(self, node: yaml.ScalarNode) -> date:
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            raise RulebookError(f"{self.file} 第{node.start_mark.line + 1}行：没有 {node.value} 这一天") from None

    def refuse(self, node: yaml.Node) -> None:
        raise RulebookError(
            f"{self.file} 第{node.start_mark.line + 1}行：类型 {node.tag} 不可用，"
            "只能写文字、数字、true/false、日期、列表和对照表"
        )


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", pattern(r"(?:true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", pattern(r"-?(?:0|[1-9][0-9]*)\Z"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", pattern(r"-?(?:0|[1-9][0-9]*)\.[0-9]+\Z"), list("-0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:timestamp", pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"), list("0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", pattern(r"(?:null|~|)\Z"), ["n", "~", ""])
_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_mapping_strictly)
_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)
for _tag in ("set", "omap", "pairs", "binary"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _Loader.refuse)
_Loader.add_constructor(None, _Loader.refuse)


def read_yaml(path: Path | str) -> Any:
    """The data of one YAML file; a relative path starts at RULES.

    Mappings are `Row`, days `date`, numbers int or Decimal.

    Raises RulebookError, in Chinese with file and line, for a missing or unreadable file, duplicate keys, and any type
    that is not plain data.
    """
    path = RULES / path
    name = str(path.relative_to(RULES)) if path.is_relative_to(RULES) else str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RulebookError(f"{name}：找不到这个规则文件（规则目录：{RULES}）") from None
    except (OSError, UnicodeDecodeError):
        raise RulebookError(f"{name}：读不出来，规则文件应是可读的 UTF-8 文本") from None
    loader = _Loader(text)
    loader.file = name
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RulebookError(
            f"{name} 第{mark.line + 1 if mark else 1}行：不是正确的 YAML，请检查缩进、引号和括号"
        ) from None
    except yaml.YAMLError:
        raise RulebookError(f"{name}：不是正确的 YAML，含有不可用的字符") from None
    finally:
        loader.dispose()


def read_table(path: Path | str) -> Row:
    """As `read_yaml`, for a file whose top is a mapping. Raises RulebookError where it is not."""
    data = read_yaml(path)
    if not isinstance(data, Row):
        raise RulebookError(f"{path}：最外层应是“名称: 值”的对照表")
    return data


def day_of(row: Row, key: str) -> date:
    """The day under `key`. Raises RulebookError where it is none."""
    value = row.get(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise row.fault(f"{key} 应是日期，如 2021-06-20，写的是 {value!r}")
    return value
