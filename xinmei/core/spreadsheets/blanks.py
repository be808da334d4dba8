"""What stands around the content of a cell and is none."""

from __future__ import annotations

import re

# Blanks that `strip` does not know: zero-width and directional characters, soft hyphens.
UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061"
UNSEEN += "\u2062\u2063\u2064\u3164\ufe0e\ufe0f\ufeff\uffa0"
ENDS = re.compile(rf"^[\s{UNSEEN}]+|[\s{UNSEEN}]+$")
# ="138…": a formula that only keeps a program from taking text for a number.
CONSTANT = re.compile(r'="((?:[^"]|"")*)"')


def strip_blanks(text: str) -> str:
    """The text without blanks at its ends, also those that nobody sees."""
    return ENDS.sub("", text)
