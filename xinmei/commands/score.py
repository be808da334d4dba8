"""`xinmei score facts|cohort|inspection`: sheets from bare facts, whole cohorts, and the 附件1 sheets of the
accounts.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from xinmei.commands.arguments import Parser, UsageError, add_json, print_json, read_pairs, say
from xinmei.core import rulebook, scoring

HELP = "计分：按事实（facts）、按同类单位（cohort）、按检查（inspection）"
NEEDS_DATABASE = False

# The rows to print as JSON, and the lines for a person.
Answer = tuple[list[dict[str, Any]], Callable[[], list[str]]]

VERDICTS = {"pass": "合格", "fail": "不合格", "assessed": "已考核", "not_assessed": "不考核", "unobserved": "未看清"}
COHORTS = {"counties": "县区、功能区", "departments": "部门", "": "未列入同类"}
LONGEST_NUMBER = 1000
READING_HELP = {
    "facts": "解释口径，可多次，如 bonus_praise=sum",
    "cohort": "解释口径，可多次，如 same_event=cumulate；文件中各行自带的口径优先",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Three commands in one. The one that needs the database brings its own arguments."""
    kinds = parser.add_subparsers(dest="kind", metavar="种类", required=True, title="种类", parser_class=_LateParser)
    facts = kinds.add_parser("facts", help="由事实（细则: 次数）得出得分表，不用数据库")
    facts.add_argument("file", metavar="FILE", help=".json 一个对象；.jsonl 或 -（标准输入）每行一个对象")
    facts.add_argument(
        "--set", default="inspection", metavar="ID", help="指标，默认 inspection（附件1）；附件2 为 assessment"
    )
    cohort = kinds.add_parser("cohort", help="由各单位账号的事实得出单位得分、最终得分和名次，不用数据库")
    cohort.add_argument("file", metavar="FILE", help=".json 一个对象；.jsonl 或 -（标准输入）每行一个对象")
    for kind, command in (("facts", facts), ("cohort", cohort)):
        command.add_argument("--reading", action="append", default=[], metavar="名称=取值", help=READING_HELP[kind])
        add_json(command)
    kinds.add_parser(
        "inspection", help="各账号截至某时的附件1得分表", prepare=lambda late: _inspection().add_arguments(late)
    )


class _LateParser(Parser):
    """A parser that learns its arguments when it is used, so that `facts` and `cohort` never import Django."""

    def __init__(self, prepare: Callable[[Parser], None] | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self.prepare = prepare

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self.prepare:
            self.prepare(self)
        return super().parse_known_args(args, namespace)


def _inspection() -> Any:
    from xinmei.commands.database import open_database

    open_database()
    return importlib.import_module("xinmei.commands.score_inspection")


def run(options: argparse.Namespace) -> int:
    """Scores. Every line is checked before the first answer is printed."""
    if options.kind == "inspection":
        return int(_inspection().run(options) or 0)
    answer = _score_facts if options.kind == "facts" else _score_cohort
    chosen = read_pairs(options.reading)
    rows: list[dict[str, Any]] = []
    tables: list[Callable[[], list[str]]] = []
    for place, given in _read(options.file):
        try:
            answers, table = answer(given, options, chosen)
        except (
            scoring.WrongFacts,
            rulebook.UnknownReading,
            rulebook.UnknownSet,
            rulebook.IncompleteSet,
            rulebook.RulebookError,
        ) as error:
            raise UsageError(f"{place}：{error}") from None
        rows += answers
        tables.append(table)
    if options.json:
        for row in rows:
            print_json(row)
    else:
        say("\n\n".join("\n".join(table()) for table in tables))
    return 0


def _refuse(text: str) -> NoReturn:
    raise scoring.WrongFacts(text)


def _read(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a file with its place. Raises UsageError for anything that is not a JSON object."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError:
        raise UsageError(f"{name}：打不开，请给出可读的文件，或用 - 表示标准输入") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name}：不是 UTF-8 文本，请另存为 UTF-8") from None
    lines = text.split("\n") if name == "-" or name.endswith(".jsonl") else [text]
    read = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{'标准输入' if name == '-' else name} 第{number}行" if len(lines) > 1 else name
        yield place, _parse(line, place)
        read += 1
    if not read:
        raise UsageError(f'{name}：没有内容，应有一个对象，如 {{"facts": {{"slow_update": 1}}}}')


def _parse(line: str, place: str) -> dict[str, Any]:
    def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("同一个键写了两次")
        return dict(pairs)

    def refuse_number(text: str) -> None:
        raise ValueError(f"{text} 不是可用的数")

    def read_integer(text: str) -> int:
        if len(text) > LONGEST_NUMBER:
            raise ValueError(f"数字超过{LONGEST_NUMBER}位")
        return int(text)

    try:
        given = json.loads(line, object_pairs_hook=refuse_twice, parse_constant=refuse_number, parse_int=read_integer)
        if "\\ud" in line.lower():
            json.dumps(given, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise UsageError(f"{place}：不是正确的 JSON（第{error.colno}个字符处）") from None
    except UnicodeEncodeError:
        raise UsageError(f"{place}：含有不成对的代理字符，请改用正常文字") from None
    except RecursionError:
        raise UsageError(f'{place}：嵌套过深，应是 {{"facts": {{…}}}} 这样的对象') from None
    except ValueError as error:  # a key twice, NaN, or a number too long to be read
        raise UsageError(f"{place}：不能用的 JSON（{error}）") from None
    if not isinstance(given, dict):
        raise UsageError(f'{place}：应是一个对象，如 {{"facts": {{"slow_update": 1}}}}，写的是 {line.strip()[:40]}')
    return given


def _check_keys(given: Mapping[str, Any], allowed: tuple[str, ...], what: str) -> None:
    if unknown := [name for name in given if name not in allowed]:
        _refuse(f"{what}不认识“{unknown[0]}”；可用：{'、'.join(allowed)}")


def _id_of(given: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(given.get("id"), dict | list):
        _refuse("id 应是文字")
    return {"id": given["id"]} if "id" in given else {}


def _name(given: Mapping[str, Any], key: str, what: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value:
        _refuse(f"{what}的 {key} 应是文字，写的是 {value!r}")
    return value


def _list(given: Mapping[str, Any], key: str, what: str) -> list[dict[str, Any]]:
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        _refuse(f"{what}的 {key} 应是对象的列表")
    return value


# --- facts ---


def _score_facts(given: Mapping[str, Any], options: argparse.Namespace, chosen: Mapping[str, str]) -> Answer:
    _check_keys(given, ("id", "set", "facts"), "对象")
    set_id = given.get("set", options.set)
    if not isinstance(set_id, str):
        _refuse(f"set 应是指标的标识，写的是 {set_id!r}")
    edition = rulebook.indicator_set(set_id)
    if all(indicator.kind == "DUTY" for indicator in edition.indicators):
        _refuse(f"{edition.title}本身不计分，可用：inspection、assessment 等")
    facts = scoring.check_facts(given.get("facts"), scoring.name_facts(edition), "facts")
    resolved = rulebook.resolve_readings(chosen)
    used = {name: resolved[name] for name in edition.readings}
    sheet = scoring.score_sheet(
        edition,
        facts,
        caps=used.get("worth_is_cap") != "none",
        sum_awards=used.get("bonus_praise") == "sum",
        readings=used,
    )
    identity = _id_of(given)
    title = f"{edition.title}（{edition.document}）" + (f" · {identity['id']}" if identity else "")
    return [identity | sheet.as_row()], lambda: [title, *_sheet_lines(sheet)]


def _sheet_lines(sheet: scoring.Sheet) -> list[str]:
    score = "不计分" if sheet.score is None else f"{scoring.show_decimal(sheet.score)}分"
    lines = [f"判定：{VERDICTS[sheet.verdict]}　得分：{score}", *(f"  {line.explanation}" for line in sheet.lines)]
    return lines + [f"  {total.explanation}" for total in sheet.indicators]


# --- cohort ---


def _score_cohort(given: Mapping[str, Any], options: argparse.Namespace, chosen: Mapping[str, str]) -> Answer:
    _check_keys(given, ("id", "readings", "units"), "对象")
    own = given.get("readings", {})
    if not isinstance(own, dict):
        _refuse(f'readings 应是对象，如 {{"same_event": "cumulate"}}，写的是 {own!r}')
    readings = rulebook.resolve_readings({**chosen, **own})
    if "units" not in given:
        _refuse("缺少 units（单位的列表）")
    edition = rulebook.indicator_set("assessment")
    units = [_unit(entry, edition, readings) for entry in _list(given, "units", "对象")]
    _refuse_twice([unit.code for unit in units], "单位代码")
    results = scoring.score_cohorts(units, readings, edition)
    identity = _id_of(given)
    return [identity | result.as_row() for result in results], lambda: _cohort_lines(
        identity.get("id"), results, edition
    )


def _refuse_twice(names: list[str], what: str) -> None:
    if len(set(names)) < len(names):
        _refuse(f"{what}重复：{next(name for name in names if names.count(name) > 1)}，每个只能写一次")


def _unit(given: Mapping[str, Any], edition: rulebook.Edition, readings: Mapping[str, str]) -> scoring.Unit:
    code = _name(given, "code", "单位")
    what = f"单位 {code} "
    _check_keys(given, ("code", "cohort", "facts", "accounts"), what)
    cohort = given.get("cohort") or ""
    if cohort not in list(COHORTS):
        _refuse(f"{what}的 cohort 写的是 {cohort!r}，可用：counties、departments，或空（不考核）")
    names = {name: name for name, rule in edition.criteria.items() if rule.kind == "DEDUCTION" and rule.about == "unit"}
    names |= {name: name for name in scoring.PRAISE}
    facts = scoring.check_facts(given.get("facts", {}), names, f"{what}的 facts ")
    accounts = [_account(entry, edition, readings, what) for entry in _list(given, "accounts", what)]
    _refuse_twice([account.id for account in accounts], f"{what}的账号")
    return scoring.Unit(code, cohort, accounts, facts)


def _account(
    given: Mapping[str, Any], edition: rulebook.Edition, readings: Mapping[str, str], unit: str
) -> scoring.Account:
    name = _name(given, "id", f"{unit}的账号")
    what = f"账号 {name} "
    _check_keys(given, ("id", "facts", "events", "in_mean", "days"), what)
    faults = {
        fact: rule
        for fact, rule in scoring.name_facts(edition).items()
        if rule in edition.criteria and edition.criteria[rule].about == "account"
    }
    samples = scoring.SAMPLES
    names = faults | {scoring.PROBLEMS: scoring.PROBLEMS} | {sample: sample for sample in samples}
    facts = scoring.check_facts(given.get("facts", {}), names, f"{what}的 facts ", at_most_one=samples)
    events = given.get("events", [])
    if not isinstance(events, list):
        _refuse(f'{what}的 events 应是列表，如 [{{"veto_found": 1, "slow_update": 2}}]')
    in_mean, days = given.get("in_mean", True), given.get("days", 0)
    if not isinstance(in_mean, bool):
        _refuse(f"{what}的 in_mean 应是 true 或 false，写的是 {in_mean!r}")
    if type(days) is not int or days < 0:
        _refuse(f"{what}的 days 应是在运维天数，写的是 {days!r}")
    if readings["unit_mean"] == "by_days" and in_mean and not days:
        _refuse(f"{what}缺少 days：unit_mean=by_days 按在运维天数加权，须写明天数")
    checked = [scoring.Event(scoring.check_facts(event, faults, f"{what}的 events ")) for event in events]
    return scoring.Account(name, facts, events=checked, in_mean=in_mean, days=days)


def _cohort_lines(name: object, results: list[scoring.UnitResult], edition: rulebook.Edition) -> list[str]:
    lines = [f"{edition.title}（{edition.document}）" + (f" · {name}" if name is not None else "")]
    for row in sorted(results, key=lambda row: (row.cohort, row.rank is None, row.rank or 0)):
        head = f"{COHORTS[row.cohort]}　{row.unit}　{VERDICTS[row.verdict]}"
        lines.append(f"{head}　第{row.rank}名　最终得分{row.final}" if row.rank else head)
        lines += [f"  {row.explanation}"] if row.explanation else []
        lines += [f"  {line.explanation}" for line in row.lines]
        for sheet in row.accounts:
            lines += [f"  账号 {sheet.account}", *(f"    {text}" for text in _sheet_lines(sheet))]
    used = "、".join(f"{name}={choice}" for name, choice in (results[0].readings.items() if results else ()))
    return [*lines, f"口径：{used}"]
