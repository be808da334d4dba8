"""Which characters are one and the same to the screening.

Width, case and traditional forms fold into one, and characters slipped in between are skipped: `财　政拔＊款` reads as
`财政拔款`. Every character folds to exactly one character or to none, so that each place in the folded text has one
place in the original. Newlines are kept: a line is a border.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

# Zero-width and directional characters, variation selectors, tags and combining marks, which nobody sees.
INVISIBLE = (
    *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, 0x3164, 0xFFA0, 0x115F, 0x1160),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE01F0),
    *range(0x300, 0x34F),
    *range(0x20D0, 0x20F1),
)
# Blanks and signs that are put between the characters of a word so that machines do not see it. Sentence punctuation
# is not among them.
SEPARATORS = " \t\u3000\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
SEPARATORS += "*-_.·•‧・∙|/\\~+^=#&`'"
# Digits in rings, brackets, other scripts, above or below the line: one digit each. A single one is a mark of a list
# or of a note, so that only who looks for numbers reads them as digits (`detectors.see_through`); the scan, which
# calls that one, does too.
DIGIT_BLOCKS = (
    *(range(0xB2, 0xBA), range(0x660, 0x66A), range(0x6F0, 0x6FA), range(0x966, 0x970), range(0x2070, 0x208A)),
    *(range(0x2460, 0x2500), range(0x2776, 0x2794), range(0x1D7CE, 0x1D800), range(0x1F100, 0x1F10B)),
    range(0x1FBF0, 0x1FBFA),
)
DIGITS = {
    code: 0x30 + digit for block in DIGIT_BLOCKS for code in block if (digit := unicodedata.digit(chr(code), -1)) >= 0
}
SKIPPED = frozenset(SEPARATORS).union(map(chr, INVISIBLE))

# code point -> code point, or None where the character is skipped; a character that is not in it stays
Folding = dict[int, int | None]


@cache
def folding(traditional: Path) -> Folding:
    """The table of folding.

    `traditional` is a file of lines `繁⇥简` of equal length, one pair a character. NUL and surrogates, which are not
    characters, fold to U+FFFD.
    """
    table: Folding = {}
    # Full-width ASCII, compatibility ideographs, radicals, mathematical letters and digits: one character by NFKC.
    for block in (
        range(0x2E80, 0x2FD6),
        range(0xF900, 0xFB00),
        range(0xFF01, 0xFFEF),
        range(0x1D400, 0x1D800),
        range(0x2F800, 0x2FA20),
    ):
        for code in block:
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and ord(plain) != code:
                table[code] = ord(plain)
    table.update(DIGITS)
    for line in traditional.read_text(encoding="utf-8").splitlines():
        old, _, new = line.partition("\t")
        table.update(zip(map(ord, old), map(ord, new), strict=True))
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x24F), *range(0x391, 0x3AA), *range(0x410, 0x430)):
        lower = chr(code).lower()
        if len(lower) == 1 and ord(lower) != code:
            table[code] = ord(lower)
    table.update(dict.fromkeys((*INVISIBLE, *map(ord, SEPARATORS)), None))
    for code, to in list(table.items()):  # 全角大写 -> 大写 -> 小写
        if to is not None and to in table:
            table[code] = table[to]
    table.update(dict.fromkeys((0, *range(0xD800, 0xE000)), 0xFFFD))
    return table


def fold(text: str, table: Folding) -> str:
    """The folded text."""
    return text.translate(table)


def places(text: str) -> list[int] | None:
    """For each character of the folded text, its place in `text`.

    None where no character is skipped: then the places are the same.
    """
    if SKIPPED.isdisjoint(text):
        return None
    return [place for place, character in enumerate(text) if character not in SKIPPED]
