"""Writes a paper as .docx in the form of GB/T 9704-2012.

A4, 版心 156 mm × 225 mm, 22 lines of 28 characters; the annex on landscape pages.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from xinmei.reports.fonts import FACES
from xinmei.reports.paper import HEADER, Paper, Paragraph

# 「天头（上白边）为37mm±1mm，订口（左白边）为28mm±1mm，版心尺寸为156mm×225mm」
TOP, LEFT, BOTTOM, RIGHT = 37, 28, 35, 26
SIZE_3, SIZE_2, SIZE_4 = 16, 22, 14  # 三号、二号、四号, in points
LINE = Pt(28.95)  # 225 mm ÷ 22 lines
# 156 mm ÷ 28 characters of 三号 (16 pt): each gives up a quarter of a point, in twentieths
SQUEEZE = -5
COLUMNS = (12, 30, 19, 38, 31, 53, 19, 23)  # mm, 225 in all: the annex lies sideways
STYLES = {"h1": "黑体", "h2": "楷体"}


def write_docx(paper: Paper, at: datetime) -> bytes:
    """The bytes of the .docx; `at` stands in its properties."""
    document = Document()
    _set_up(document, paper, at)
    if paper.number:
        _head(document, paper)
    _title(document, paper.title, before=bool(paper.number))
    for paragraph in paper.paragraphs:
        _paragraph(document, paragraph, paper)
    _annex(document, paper)
    if paper.imprint:
        _imprint(document, paper.imprint)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Any, paper: Paper, at: datetime) -> None:
    _set_body(document)
    _set_page(document)
    properties = document.core_properties
    properties.title, properties.author, properties.language = paper.title, "", "zh-CN"
    properties.created = properties.modified = at.replace(tzinfo=None)
    properties.comments = ""


def _set_body(document: Any) -> None:
    """正文: 3号仿宋, 22 lines a page, 28 characters a line."""
    normal = document.styles["Normal"]
    normal.font.size = Pt(SIZE_3)
    _face(normal.element.get_or_add_rPr(), "仿宋")
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(SQUEEZE))
    normal.element.rPr.find(qn("w:sz")).addprevious(spacing)
    language = OxmlElement("w:lang")
    # digits keep together as in Western text
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal.element.get_or_add_rPr().append(language)
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.widow_control = False
    # no extra space between Chinese and digits: it would break the 28 characters of a line
    _switch_off(normal.element.pPr, "autoSpaceDE", "autoSpaceDN")


def _set_page(document: Any) -> None:
    """The sheet with its margins and its page number."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
    section.bottom_margin, section.right_margin = Mm(BOTTOM), Mm(RIGHT)
    # 「页码……一字线上距版心下边缘7mm；单页码居右空一字，双页码居左空一字」
    section.footer_distance = Mm(BOTTOM - 7 - 5)
    section.header_distance = Mm(15)
    document.settings.odd_and_even_pages_header_footer = True
    _grid(section)
    _number_pages(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _switch_off(properties: Any, *names: str) -> None:
    """Properties of a paragraph that stand before its spacing."""
    for name in names:
        off = OxmlElement(f"w:{name}")
        off.set(qn("w:val"), "0")
        properties.find(qn("w:spacing")).addprevious(off)


def _face(properties: Any, face: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), FACES[face][0])
    fonts.set(qn("w:hint"), "eastAsia")


def _grid(section: Any) -> None:
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(LINE.pt * 20)))


def _run(paragraph: Any, text: str, face: str = "仿宋", size: float = SIZE_3, colour: str = "") -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    _face(run._r.get_or_add_rPr(), face)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _number_pages(footer: Any, side: Any) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    if side == WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = Pt(SIZE_4)
    else:
        paragraph.paragraph_format.left_indent = Pt(SIZE_4)
    _run(paragraph, "— ", "宋体", SIZE_4)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
        run = _run(paragraph, "", "宋体", SIZE_4)
        if kind:
            piece = OxmlElement("w:fldChar")
            piece.set(qn("w:fldCharType"), kind)
        else:
            piece = OxmlElement("w:instrText" if text == "PAGE" else "w:t")
            piece.text = text
        run._r.append(piece)
    _run(paragraph, " —", "宋体", SIZE_4)


def _head(document: Any, paper: Paper) -> None:
    """发文机关标志 in red, 发文字号 centred under it, and the red line
    (「发文字号之下4mm处居中印一条与版心等宽的红色分隔线」).
    """
    masthead = document.add_paragraph()
    masthead.alignment = WD_ALIGN_PARAGRAPH.CENTER
    masthead.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    masthead.paragraph_format.space_before = Mm(20)
    masthead.paragraph_format.space_after = Pt(LINE.pt)
    # as large as fits on one line of 156 mm
    _run(masthead, paper.masthead, "小标宋", min(48, int(430 / max(len(paper.masthead), 1))), "FF0000")
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(number, paper.number)
    number.paragraph_format.space_after = Pt(LINE.pt * 2)
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "FF0000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    number._p.pPr.find(qn("w:spacing")).addprevious(borders)


def _title(document: Any, text: str, *, before: bool) -> None:
    for place, line in enumerate(break_title(text)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(35)
        if not place and not before:
            paragraph.paragraph_format.space_before = Pt(LINE.pt)
        _switch_off(paragraph._p.pPr, "snapToGrid")
        _run(paragraph, line, "小标宋", SIZE_2)
    document.add_paragraph()


def break_title(text: str) -> list[str]:
    """「回行时，要做到词意完整，排列对称」: two lines where it is longer than twenty characters, the second the
    shorter.
    """
    if len(text) <= 20:
        return [text]
    first, word, second = text.rpartition("政务新媒体")
    return (
        [first, word + second]
        if word and len(word + second) <= 20
        else [text[: len(text) // 2], text[len(text) // 2 :]]
    )


def _paragraph(document: Any, one: Paragraph, paper: Paper) -> None:
    if one.kind in ("enclosure", "signature"):
        document.add_paragraph()
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    if one.kind in ("body", "h1", "h2", "enclosure"):
        form.first_line_indent = Pt(2 * (SIZE_3 + SQUEEZE / 20))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if one.kind == "body" else WD_ALIGN_PARAGRAPH.LEFT
    if one.kind in ("h1", "h2"):
        form.keep_with_next = True
    if one.kind in ("signature", "date"):
        # 「成文日期一般右空四字编排」, the office centred over it
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form.right_indent = Pt(right_indent(one, paper) * SIZE_3)
        form.keep_with_next = one.kind == "signature"
    _run(paragraph, one.text, STYLES.get(one.kind, "仿宋"))


def right_indent(one: Paragraph, paper: Paper) -> float:
    """The right indent in characters.

    It is four for the date. The office is centred over the date, or stands two from the edge where it is much longer.
    """
    if one.kind == "date":
        return 4.0
    date = next(paragraph.text for paragraph in paper.paragraphs if paragraph.kind == "date")
    return max(2.0, 4.0 + (width_of(date) - width_of(one.text)) / 2)


def width_of(text: str) -> float:
    """The width in characters; a digit counts as half."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _annex(document: Any, paper: Paper) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(LEFT), Mm(RIGHT)
    section.left_margin = section.right_margin = Mm(36)
    section.footer_distance = Mm(RIGHT - 7 - 5)
    # rows of the table are closer than the lines of the body
    section._sectPr.remove(section._sectPr.find(qn("w:docGrid")))
    # 「“附件”二字及附件顺序号用3号黑体字顶格编排在版心左上角第一行」
    _run(document.add_paragraph(), "附件", "黑体")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(35)
    title.paragraph_format.space_after = Pt(8)
    _run(title, paper.annex_title, "小标宋", SIZE_2)
    if not paper.rows:
        _run(document.add_paragraph(), "本期没有发现并确认的问题。")
        return
    table = document.add_table(rows=0, cols=len(HEADER))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for grid, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), COLUMNS, strict=True):
        grid.set(qn("w:w"), str(int(Mm(width).twips)))
    for place, row in enumerate((HEADER, *paper.rows)):
        _table_row(table, row, header=not place)


def _imprint(document: Any, imprint: tuple[str, ...]) -> None:
    """版记 below the annex: 抄送, then 印发机关 and 印发日期 on one line, between rules."""
    copies, office, day = imprint
    for text, edges in ((copies, ("top",)), (f"{office}\t{day}", ("top", "bottom"))):
        if not text:
            continue
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = edges == ("top",)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(sum(COLUMNS) - 5), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.paragraph_format.left_indent = Pt(SIZE_4)
        _run(paragraph, text, "仿宋", SIZE_4)
        borders = OxmlElement("w:pBdr")
        for edge in edges:
            line = OxmlElement(f"w:{edge}")
            for name, value in (("val", "single"), ("sz", "8"), ("space", "4"), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
        paragraph._p.get_or_add_pPr().insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )


def _table_row(table: Any, row: tuple[str, ...], *, header: bool) -> None:
    cells = table.add_row()
    properties = cells._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
    for place, (cell, text, width) in enumerate(zip(cells.cells, row, COLUMNS, strict=True)):
        cell.width = Mm(width)
        cell.vertical_alignment = 1
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = Pt(14)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if header or place in (0, 2, 6, 7) else WD_ALIGN_PARAGRAPH.LEFT
        _run(paragraph, clean(text), "黑体" if header else "仿宋", 10.5)


def clean(text: str) -> str:
    """Without characters that a document cannot hold."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
