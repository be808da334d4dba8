"""The typefaces of GB/T 9704-2012 by name, with substitutes where a machine lacks them.

A .docx names the official typeface and takes its substitute from the reader's machine. A .pdf carries what this machine
has.
"""

from __future__ import annotations

from functools import cache

import typst

_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC")
# What the standard asks for -> (name in the .docx, names looked for on this machine, best first)
FACES: dict[str, tuple[str, tuple[str, ...]]] = {
    "小标宋": ("方正小标宋简体", ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", *_SERIF)),
    "仿宋": (
        "仿宋_GB2312",
        ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "FandolFang R", "FandolFang", *_SERIF),
    ),
    "黑体": ("黑体", ("黑体", "SimHei", *_SANS)),
    "楷体": (
        "楷体_GB2312",
        ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "LXGW WenKai", "AR PL UKai CN", "FandolKai", *_SERIF),
    ),
    "宋体": ("宋体", ("宋体", "SimSun", *_SERIF)),
}
# for 小标宋: the first names are the typeface itself, which is bold by nature; its substitutes are set in bold
OFFICIAL = 3


class NoChineseFont(Exception):
    """This machine has no Chinese typeface to print with. The Chinese text says what to install."""


@cache
def load_fonts() -> typst.Fonts:
    """All typefaces of this machine, read once a process."""
    return typst.Fonts()


def choose_faces() -> dict[str, str]:
    """For each typeface of the standard, the one that this machine prints with. Raises NoChineseFont."""
    there = {name.lower(): name for name in load_fonts().families()}
    chosen = {}
    for face, (_, names) in FACES.items():
        found = next((there[name.lower()] for name in names if name.lower() in there), None)
        if found is None:
            raise NoChineseFont(
                f"这台机器没有可用的中文字体（{face}），印不出 PDF：请安装 fonts-noto-cjk，或装入公文字体"
            )
        chosen[face] = found
    return chosen


def say_substitutes() -> list[str]:
    """A sentence for each typeface for which another stands in the .pdf."""
    return [
        f"{face}（{FACES[face][0]}）以 {found} 代替"
        for face, found in choose_faces().items()
        if found in (*_SERIF, *_SANS)
    ]


def is_bold_by_nature(found: str) -> bool:
    """Whether a typeface found for 小标宋 is 小标宋 itself."""
    return found in FACES["小标宋"][1][:OFFICIAL]
