"""What every command shares: a Chinese parser, `--json`, moments and readings as arguments, and lines of output."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from xinmei.core.calendar import SHANGHAI

# argparse writes English where no translation is installed. These are all the sentences that it can show to a user.
SENTENCES = (
    (r"the following arguments are required: (.*)", r"缺少必填参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"参数 \1：写的是 \2，可用：\3"),
    (r"argument (.*?): expected one argument", r"参数 \1：后面要跟一个值"),
    (r"argument (.*?): expected at least one argument", r"参数 \1：后面至少要跟一个值"),
    (r"argument (.*?): not allowed with argument (.*)", r"参数 \1 不能与 \2 同时使用"),
    (r"argument (.*?): invalid int value: (.*)", r"参数 \1：写的是 \2，应是整数"),
    (r"argument (.*?): invalid (?:\w+) value: (.*)", r"参数 \1：\2 不是可用的值"),
    (r"argument (.*?): ignored explicit argument (.*)", r"参数 \1 不带值，写的是 \2"),
    (r"one of the arguments (.*) is required", r"以下参数须给出一个：\1"),
    (r"ambiguous option: (.*) could match (.*)", r"参数 \1 写得不全，可能是：\2"),
    (r"argument (.*?): (.*)", r"参数 \1：\2"),
)


class UsageError(Exception):
    """The command was called wrongly (exit status 2).

    The text says, in Chinese, what was found, what is allowed and what to do.
    """


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser whose help and errors are Chinese; abbreviations of options are not accepted."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", _Formatter)
        super().__init__(**settings, allow_abbrev=False, add_help=False)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        """Ends with status 2 and a Chinese sentence."""
        for english, chinese in SENTENCES:
            if re.fullmatch(english, message, re.DOTALL):
                message = re.sub(english, chinese, message, flags=re.DOTALL)
                break
        sys.stderr.write(f"{self.format_usage()}{self.prog}：{message}\n")
        sys.exit(2)


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: one JSON object a line on standard output and nothing else."""
    parser.add_argument("--json", action="store_true", help="每行输出一个 JSON 对象")


def moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it means Asia/Shanghai. A bare day is its 00:00."""
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"“{text}”不是时间，应写成 2026-01-05T09:00:00 或 2026-01-05T09:00:00+08:00"
        ) from None


def read_pairs(words: Iterable[str]) -> dict[str, str]:
    """`NAME=CHOICE` words of `--reading` as a mapping. Raises UsageError where the equals sign is missing."""
    pairs = {}
    for word in words:
        name, equals, choice = word.partition("=")
        if not equals:
            raise UsageError(f"--reading 写的是“{word}”，应写成 名称=取值，如 reply_holiday_48h=any_part")
        pairs[name.strip()] = choice.strip()
    return pairs


def read_ids(words: list[str]) -> list[str]:
    """Ids given as words, or one a line on standard input where the word is `-`."""
    if words == ["-"]:
        return [line.strip() for line in sys.stdin if line.strip()]
    return words


def print_json(row: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False, separators=(", ", ": ")) + "\n")


def say(text: str = "") -> None:
    """One line for a person on standard output."""
    sys.stdout.write(text + "\n")


def tell(text: str) -> None:
    """One line of progress or explanation on standard error."""
    sys.stderr.write(text + "\n")
