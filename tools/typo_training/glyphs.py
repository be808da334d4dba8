"""Measures which characters look alike in print, and writes pairs, one a line, for `train_typos.py --alike`.

    python tools/typo_training/glyphs.py FONT… > tools/typo_training/glyphs.txt

Needs numpy and Pillow. The shipped list was measured with Noto Sans CJK and Noto Serif CJK, Regular (of each collection
the face for mainland China). For each character of GB 2312 the nearest of its first level (3,755 in daily use), by the
cosine of their blurred pictures.
"""

from __future__ import annotations

import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE, FACE = 40, 2
NEAREST, LEAST = 3, 0.82


def characters(first: int, last: int) -> list[str]:
    """Characters of these rows of GB 2312."""
    rows = (
        bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312", errors="ignore")
        for row in range(first, last + 1)
        for cell in range(1, 95)
    )
    return [char for char in rows if char]


def pictures(path: str, chars: list[str]) -> np.ndarray:
    """Each character as a vector of length one."""
    font = ImageFont.truetype(path, SIZE, index=FACE)
    rows = []
    for char in chars:
        image = Image.new("L", (SIZE + 8, SIZE + 8))
        ImageDraw.Draw(image).text((4, -4), char, font=font, fill=255)
        rows.append(np.asarray(image.filter(ImageFilter.GaussianBlur(1.3)), dtype=np.float32).ravel())
    table = np.array(rows)
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def main() -> None:
    """Command line."""
    common, every = characters(16, 55), characters(16, 87)
    alike = np.mean([(table := pictures(path, every)) @ table[: len(common)].T for path in sys.argv[1:]], axis=0)
    pairs: dict[frozenset[str], None] = {}
    for char, row in zip(every, alike, strict=True):
        near = [k for k in np.argsort(-row)[: NEAREST + 1] if common[k] != char and row[k] >= LEAST][:NEAREST]
        pairs |= dict.fromkeys(frozenset((char, common[k])) for k in near)
    print(*("".join(sorted(pair)) for pair in pairs), sep="\n")


if __name__ == "__main__":
    main()
