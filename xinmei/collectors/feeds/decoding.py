"""Bytes of a feed to text: by what is declared and by the bytes themselves, and never nonsense taken for text.

A declaration is often wrong: a server adds `charset=utf-8` to what a program wrote in GBK, or nobody declares
anything. So each candidate must decode without a fault and read as text; the first that does is taken.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass
from html.entities import name2codepoint

DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# What a document declared as one of these may hold of the larger set.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ascii": "utf-8", "big5": "big5hkscs"}
# They decode anything, Chinese text too: into nonsense. Only bytes can choose them, and a Chinese feed's never do.
SINGLE_BYTE = re.compile(r"iso8859-|cp125|latin|mac-|koi8|hp-roman")
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LOST = "\ufffd"
# Lost characters, and what becomes of them where they are read as GBK.
LOSSES = re.compile("\ufffd|锟斤拷")
# Of what is not ASCII, one character in a hundred may be lost; then the rest is still text.
LOSS = 0.01
# From this share of odd characters on one post is nonsense, and from that on the whole document was misread.
SHARE, WHOLE = 0.2, 0.5

TAG = re.compile(r"<[^<>]{0,2000}>")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# UTF-8 or GBK read as a Western set: 'æ°´åˆ©', 'ÖÐ¹ú'.
WESTERN = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2020\u2021\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]{4,}"
)
LETTER = re.compile(
    "[\u0080-\u009f\u00a1-\u00a8\u00aa\u00ac\u00af\u00b2-\u00b6\u00b8-\u00ba\u00bc-\u00d6\u00d8-\u00ff]"
)
# Private characters, lost ones, and unset memory read as GBK.
STRANGE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]|(?:烫){3,}|(?:屯){3,}")
ASKED = re.compile(r"\?{4,}")


def _characters(codec: str, first: range, second: range) -> frozenset[str]:
    found = (bytes((lead, trail)).decode(codec, "ignore") for lead in first for trail in second)
    return frozenset(text for text in found if len(text) == 1)


# The 3,755 commonest simplified and 5,401 commonest traditional characters: of real text 99.9 %, of misread text the
# smaller part.
COMMON = _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)) | _characters(
    "big5", range(0xA4, 0xC7), range(0x40, 0xFF)
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text, and whether some characters were lost on the way."""

    text: str
    lossy: bool = False


def decode(body: bytes, content_type: str) -> Decoded | None:
    """The text of a document, or None where no reading of its bytes is text."""
    for mark, codec in BOMS:
        if body.startswith(mark):
            return _accept(body[len(mark) :], codec)
    if body.startswith((b"<\0?\0", b"\0<\0?")):  # UTF-16 without a mark
        return _accept(body, "utf-16-be" if body[:1] == b"\0" else "utf-16-le")
    candidates = _candidates(body, content_type)
    for codec in candidates:
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            continue
        if not is_nonsense(_content(text), WHOLE):
            return Decoded(text)
    for codec in candidates:
        if found := _accept(body, codec):
            return found
    return None


def _candidates(body: bytes, content_type: str) -> list[str]:
    """What the bytes may be written in, the likeliest first: UTF-8 shows itself, so it comes before any declaration."""
    inside, outside = DECLARED.search(body[:1000]), CHARSET.search(content_type)
    declared = [inside[1].decode() if inside else "", outside[1] if outside else ""]
    known = []
    for name in ("utf-8", *declared, "gb18030"):
        try:
            codec = codecs.lookup(name).name
        except LookupError:
            continue
        codec = WIDER.get(codec, codec)
        if not SINGLE_BYTE.match(codec) and not codec.startswith(("utf-16", "utf-32", "utf-7")):
            known.append(codec)
    return list(dict.fromkeys(known))


def _accept(body: bytes, codec: str) -> Decoded | None:
    """The text with its lost characters marked, where these are few and the rest is no nonsense."""
    text = body.decode(codec, "replace")
    foreign = sum(character > "\x7f" for character in text)
    lost = text.count(LOST)
    if lost > max(1, foreign * LOSS) or is_nonsense(_content(text.replace(LOST, "")), WHOLE):
        return None
    return Decoded(text, lossy=lost > 0)


def _content(text: str) -> str:
    return html.unescape(TAG.sub(" ", text))


def is_nonsense(text: str, share: float = SHARE) -> bool:
    """Whether a text is what remains of characters read in the wrong encoding.

    Real text has hardly a character that is not among the common ones; misread text has one in three or more.
    """
    han = HAN.findall(text)
    rare = sum(character not in COMMON for character in han)
    strange = sum(len(found) for found in STRANGE.findall(text))
    strange += sum(count for found in WESTERN.findall(text) if (count := len(LETTER.findall(found))) >= 3)
    if not han:
        strange += sum(len(found) for found in ASKED.findall(text))
    return rare + strange >= 4 and rare + strange > share * (len(han) + strange)


CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
# Characters that XML does not allow, written plainly or as a reference.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
REFERENCE = re.compile(r"&#(?:0*([0-9]{1,7})|[xX]0*([0-9a-fA-F]{1,6}));")
NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
BARE = re.compile(r"&(?!#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)")
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>")


def mend(text: str) -> str:
    """The document without the slips that hide nothing: what stands before the declaration, control characters,
    HTML's names of characters, a bare `&`. What is cut or broken otherwise stays so, and is found by the parser.
    """
    text = CONTROL.sub("", text).lstrip("\ufeff\u200b \t\r\n\u00a0\u3000")
    text = DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    parts = CDATA.split(text)
    parts[::2] = [BARE.sub("&amp;", NAMED.sub(_named, REFERENCE.sub(_referred, part))) for part in parts[::2]]
    return '<?xml version="1.0" encoding="utf-8"?>' + "".join(parts)


def _named(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name in XML_NAMES or name not in name2codepoint else f"&#{name2codepoint[name]};"


def _referred(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16)
    return "" if code > 0x10FFFF or (code < 32 and code not in (9, 10, 13)) or CONTROL.match(chr(code)) else found[0]
