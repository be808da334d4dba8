"""The paper as a document model: paragraphs whose numbers name their figures, and the rows of the annex.

The writers draw this model and nothing else. `Part("98.20", "rate")` is a number from the figure `rate`;
`Part("个账号")` is text. A paper is plain data (`as_data`, `read_paper`), so that an issued one can be kept and shown
again for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from xinmei.reports.figures import Figure

HEADER = ("序号", "账号名称", "平台", "主办单位", "问题类别", "具体问题", "发现时间", "整改情况")


@dataclass(frozen=True)
class Part:
    """A run of text. With a `key`, it is a figure as printed."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`kind`: to, body, h1 (一、), h2 (（一）), enclosure, signature, date."""

    kind: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True)
class Paper:
    """One 通报.

    `masthead` (发文机关标志) and `number` (发文字号) are empty in a draft. `rows` is the annex; each row is as long as
    HEADER.
    """

    title: str
    paragraphs: tuple[Paragraph, ...]
    annex_title: str
    rows: tuple[tuple[str, ...], ...]
    masthead: str = ""
    number: str = ""
    # 版记: 抄送 ("" where nobody gets a copy), 印发机关, 印发日期; nothing in a draft and in papers of before.
    imprint: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As plain data, to be kept."""
        return asdict(self)


def read_paper(data: Mapping[str, Any]) -> Paper:
    """A paper from the data kept."""
    paragraphs = tuple(
        Paragraph(row["kind"], tuple(Part(**part) for part in row["parts"])) for row in data["paragraphs"]
    )
    rows = tuple(tuple(row) for row in data["rows"])
    return Paper(
        data["title"],
        paragraphs,
        data["annex_title"],
        rows,
        data["masthead"],
        data["number"],
        tuple(data.get("imprint", ())),
    )


def seal(paper: Paper, number: str, copies: str, day: str) -> Paper:
    """The draft as it would be issued: red head, number, day, 版记. For the eye: issuing makes the paper anew."""
    office = next(one.text for one in paper.paragraphs if one.kind == "signature")
    dated = tuple(Paragraph("date", (Part(day),)) if one.kind == "date" else one for one in paper.paragraphs)
    head = {"masthead": f"{office}文件", "number": number, "imprint": make_imprint(office, copies, day)}
    return replace(paper, paragraphs=dated, **head)  # type: ignore[arg-type]


def make_imprint(office: str, copies: str, day: str) -> tuple[str, ...]:
    """版记 as GB/T 9704-2012 has it: 抄送机关, then 印发机关 and 印发日期."""
    copied = copies.strip().rstrip("。")
    return (f"抄送：{copied}。" if copied else "", office, f"{day}印发")


def fill(kind: str, template: str, figures: Mapping[str, Figure], **words: str) -> Paragraph:
    """A paragraph from a template: `{name}` is one of the words, or else a figure."""
    parts: list[Part] = []
    for place, piece in enumerate(re.split(r"\{([^}]+)\}", template)):
        if place % 2 and piece not in words:
            parts.append(Part(figures[piece].shown, piece))
        elif text := words[piece] if place % 2 else piece:
            parts.append(Part(text))
    return Paragraph(kind, tuple(parts))
