"""A character that no type of the machine can draw is named with its place; one that any has is drawn from that."""

from __future__ import annotations

import struct
from pathlib import Path

from xinmei.reports.glyphs import _read_ranges, name_missing, warn_of_missing
from xinmei.reports.paper import HEADER, Paper, Paragraph, Part

# No type draws the last character of the last plane.
NOWHERE = "\U0010fffd"


def paper(text: str, cell: str = "澄州发布") -> Paper:
    row = tuple(cell if name == "账号名称" else "1" for name in HEADER)
    return Paper("关于检查情况的通报", (Paragraph("body", (Part(text),)),), "问题清单", (row,))


def test_what_can_be_drawn_is_not_named() -> None:
    # The second is Arabic: no Chinese type has it, another of the machine does. What has no shape is never missing.
    for text in ("澄州市 2026 年，䶮㛃", "ع", "零\u200b宽\ufe0f\u3000空\t白"):
        assert name_missing(paper(text)) == []
    assert warn_of_missing(paper("澄州市")) == ""


def test_what_no_type_has_is_named_with_its_place_and_number() -> None:
    found = name_missing(paper(f"某{NOWHERE}镇", cell=f"{NOWHERE}{NOWHERE}发布"))
    assert found == [f"正文第 1 段的“{NOWHERE}”（U+10FFFD）", f"附件第 1 行“账号名称”的“{NOWHERE}”（U+10FFFD）"]
    assert "附件第 1 行“账号名称”" in warn_of_missing(paper("某镇", cell=NOWHERE))


def test_both_forms_of_a_table_are_read_and_a_broken_file_has_nothing(tmp_path: Path) -> None:
    four = struct.pack(">HHHHHHH", 4, 32, 0, 4, 0, 0, 0) + struct.pack(
        ">HHHHHHHH", 0x4E02, 0xFFFF, 0, 0x4E00, 0xFFFF, 0, 0, 0
    )
    twelve = struct.pack(">HHIII", 12, 0, 28, 0, 1) + struct.pack(">III", 0x20000, 0x20005, 1)
    table = struct.pack(">HH", 0, 2) + struct.pack(">HHI", 3, 1, 20) + struct.pack(">HHI", 3, 10, 20 + len(four))
    font = struct.pack(">IHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, 999)
    (tmp_path / "whole.ttf").write_bytes(font + table + four + twelve)
    (tmp_path / "broken.ttf").write_bytes(font[:20])
    assert _read_ranges(str(tmp_path / "whole.ttf"), 0) == ((0x4E00, 0x4E02), (0x20000, 0x20005))
    assert _read_ranges(str(tmp_path / "broken.ttf"), 0) == ()
