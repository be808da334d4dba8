"""数据一致性: three checks of a finished paper.

The sums add up; the tables counted again give the same numbers; the .docx, read back, says what its annex holds.
`check_agreement` returns how many checks passed. The first that fails is raised as Disagreement, naming both numbers.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from docx import Document

from xinmei.reports.figures import CAUSES, GROUPS, Facts, percent, recount
from xinmei.reports.paper import HEADER, Paper
from xinmei.reports.word import clean
from xinmei.reports.wording import STATES, category

Check = tuple[str, object, object]


class Disagreement(Exception):
    """Two numbers that must agree do not. The Chinese text names both."""


def check_agreement(facts: Facts, paper: Paper, docx: bytes) -> int:
    """All checks, in order. Raises Disagreement."""
    passed = 0
    for check in (_sums, _tables):
        passed += _pass(check(facts))
    return passed + _pass(_read_back(facts, paper, docx))


def _pass(checks: Iterator[Check]) -> int:
    passed = 0
    for what, one, other in checks:
        if one != other:
            raise Disagreement(f"数据不一致，未出通报：{what}，一处是 {one}，另一处是 {other}")
        passed += 1
    return passed


def _sums(facts: Facts) -> Iterator[Check]:
    figures = facts.figures

    def total(side: str) -> int:
        return sum(int(figure.value) for key, figure in figures.items() if re.fullmatch(rf"{side}\.\w+", key))

    yield "各层级账号之和应等于在用账号总数", total("level"), facts["total"]
    yield "各平台账号之和应等于在用账号总数", total("platform"), facts["total"]
    yield (
        "合格、不合格、未看清账号之和应等于在用账号总数",
        facts["pass"] + facts["fail"] + facts["unobserved"],
        facts["total"],
    )
    yield "各原因不合格账号之和应等于不合格账号", sum(facts[f"fail.{cause}"] for cause in CAUSES), facts["fail"]
    for verdict, label in (("pass", "合格"), ("fail", "不合格"), ("checked", "检查并看清的")):
        for side, name in (("level", "各层级"), ("platform", "各平台")):
            parts = sum(
                int(figure.value) for key, figure in figures.items() if re.fullmatch(rf"{side}\.\w+\.{verdict}", key)
            )
            yield f"{name}{label}账号之和应等于{label}账号总数", parts, facts[verdict]
    yield "各类问题之和应等于问题总数", sum(facts[group] for group in GROUPS), facts["findings"]
    for group, label in GROUPS.items():
        yield (
            f"{label}各种之和应等于{label}总数",
            sum(facts[kind.key] for kind in facts.kinds if kind.group == group),
            facts[group],
        )
    states = sum(int(figure.value) for key, figure in figures.items() if key.startswith("status."))
    yield "各整改情况的问题之和应等于问题总数", states, facts["findings"]
    if facts.has_before:
        parts = sum(facts[f"before.{status}"] for status in ("CLOSED", "RECTIFIED", "NOTIFIED"))
        yield "上期问题各复查情况之和应等于上期反馈整改的问题", parts, facts["before.sent"]
    for figure in figures.values():
        query = figure.query
        if "part" in query:
            yield (
                f"{figure.label}应由其分子、分母算出",
                percent(facts[query["part"]], facts[query["whole"]]),
                figure.value,
            )
        elif "sum" in query:
            yield f"{figure.label}应等于各部分之和", sum(facts[key] for key in query["sum"]), figure.value


def _tables(facts: Facts) -> Iterator[Check]:
    for key, value in recount(facts).items():
        yield f"{facts.figures[key].label}应与台账重新计数相同", value, facts[key]


def _read_back(facts: Facts, paper: Paper, docx: bytes) -> Iterator[Check]:
    document = Document(io.BytesIO(docx))
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]
    first = clean(paper.paragraphs[0].text)
    start = texts.index(first) if first in texts else 0
    yield "文件标题应与底稿相同", "".join(texts[:start])[-len(paper.title) :], paper.title
    said: dict[str, set[str]] = {}
    for one, text in zip(paper.paragraphs, texts[start:], strict=False):
        pattern = "".join(f"({_NUMBER})" if part.key else re.escape(clean(part.text)) for part in one.parts)
        match = re.fullmatch(pattern, text)
        yield "正文文字应与底稿相同", one.text if match else text, one.text
        for part, number in zip((part for part in one.parts if part.key), match.groups() if match else (), strict=True):
            said.setdefault(part.key, set()).add(number)
    for key, numbers in said.items():
        for number in sorted(numbers):
            yield f"文件中印出的{facts.figures[key].label}应与数据相同", Decimal(number), Decimal(facts[key])
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows] if document.tables else [list(HEADER)]
    yield "附件表头", tuple(rows[0]), HEADER
    body = rows[1:]
    yield "附件序号应连续", [row[0] for row in body], [str(place + 1) for place in range(len(body))]
    yield "附件行数应等于正文中的问题总数", len(body), _one(said, "findings", facts)
    kinds = Counter(row[4] for row in body)
    for kind in facts.kinds:
        yield (
            f"附件中“{kind.criterion.title}”的行数应等于正文中的个数",
            kinds.pop(clean(category(kind.found[0])), 0),
            _one(said, kind.key, facts),
        )
    yield "附件中不应有正文没有的问题类别", "、".join(kinds), ""
    states = Counter("整改中" if row[7] == "逾期未整改" else row[7] for row in body)
    for status, shown in STATES.items() if body else ():
        label = facts.figures[f"status.{status}"].label
        yield f"附件中{label}的行数应等于正文中的个数", states[shown], _one(said, f"status.{status}", facts)
    for row, kept in zip(body, paper.rows, strict=True):
        yield f"附件第 {kept[0]} 行应与底稿相同", row, [clean(cell) for cell in kept]


_NUMBER = r"\d+(?:\.\d+)?"


def _one(said: dict[str, set[str]], key: str, facts: Facts) -> int:
    """The number that the text prints, or that of the data set where the text does not print it."""
    return int(next(iter(said.get(key, {facts.figures[key].shown}))))
