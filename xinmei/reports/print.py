"""Prints a paper as .pdf through typst, in the same form as the .docx.

All text goes in as data, never as typst source.
"""

from __future__ import annotations

import json
from pathlib import Path

import typst

from xinmei.reports.fonts import choose_faces, is_bold_by_nature, load_fonts
from xinmei.reports.paper import HEADER, Paper
from xinmei.reports.word import COLUMNS, break_title, clean, right_indent

TEMPLATE = Path(__file__).parent / "bulletin.typ"


def write_pdf(paper: Paper) -> bytes:
    """The bytes of the .pdf, with its typefaces embedded. Raises NoChineseFont."""
    faces = choose_faces()
    data = {
        "title": break_title(paper.title),
        "masthead": paper.masthead,
        "number": paper.number,
        "paragraphs": [
            {
                "kind": one.kind,
                "text": clean(one.text),
                "indent": right_indent(one, paper) if one.kind in ("signature", "date") else 0,
            }
            for one in paper.paragraphs
        ],
        "imprint": [clean(one) for one in paper.imprint],
        "annex": paper.annex_title,
        "columns": list(COLUMNS),
        "header": list(HEADER),
        "rows": [[clean(cell) for cell in row] for row in paper.rows],
        "faces": faces,
        "bold": not is_bold_by_nature(faces["小标宋"]),
    }
    printed = typst.compile(
        str(TEMPLATE), font_paths=load_fonts(), sys_inputs={"paper": json.dumps(data, ensure_ascii=False)}
    )
    assert isinstance(printed, bytes)
    return printed
