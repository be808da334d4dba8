"""The alphabet of the typo model: every character of a text becomes one of about 27,000 symbols, or nothing.

Chinese characters stand for themselves. A run of digits is one symbol, a run of Latin letters another. Marks fall into
four classes. Spaces, quotation and title marks vanish, so that words meet across them. Offsets into the original text
are kept.
"""

from __future__ import annotations

CJK_FIRST = 0x3400
CJK_LAST = 0x9FFF
SHIFT = 16  # symbols below it are classes, not characters
SIZE = CJK_LAST - CJK_FIRST + 1 + SHIFT

SKIP, STOP, COMMA, LISTING, BRACKET, DIGITS, LETTERS = range(7)

_LISTED = {
    **dict.fromkeys("“”‘’\"'`「」『』《》〈〉 \t\u3000\u00a0\u200b\u200c\u200d\ufeff", SKIP),
    **dict.fromkeys("，,", COMMA),
    **dict.fromkeys("、·•・", LISTING),
    **dict.fromkeys("（）()[]【】〔〕［］", BRACKET),
}


def class_of(char: str) -> int:
    """The symbol of one character (SKIP: none)."""
    code = ord(char)
    if CJK_FIRST <= code <= CJK_LAST:
        return code - CJK_FIRST + SHIFT
    if char in _LISTED:
        return _LISTED[char]
    if "0" <= char <= "9" or "０" <= char <= "９":
        return DIGITS
    if "a" <= char <= "z" or "A" <= char <= "Z" or "ａ" <= char <= "ｚ" or "Ａ" <= char <= "Ｚ":
        return LETTERS
    return STOP


def character(symbol: int) -> str:
    """The character that a symbol stands for (only for symbols of characters)."""
    return chr(symbol - SHIFT + CJK_FIRST)
