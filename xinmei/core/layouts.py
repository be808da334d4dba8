"""The layout of a draft: what a paragraph is, what is bold or a link, where a picture stands.

The text is the truth, and is what is screened and sealed as `acts.md` says. The layout says over again the same words,
line by line: one block a line, and pictures between them. An empty layout is plain paragraphs. Nothing of it is HTML:
what an editor pastes is read into these few kinds, whatever is not one of them does not exist here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

LINES = {"p": "段落", "h2": "标题", "h3": "小标题", "ul": "列表", "ol": "编号列表", "quote": "引用"}
PICTURE = "picture"
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\"'<>]+", re.IGNORECASE)
_MOST_BLOCKS, _LONGEST_LINK = 5000, 2000
# A longer line that was changed loses its bold and links, so that no text makes the comparison endless.
_LONGEST_LINE = 4000
Block = dict[str, Any]
Style = tuple[bool, str]
PLAIN: Style = (False, "")


class NotALayout(ValueError):
    """What was given is no layout; the words say why."""


def read(given: object) -> list[Block]:
    """The layout that was given, in its one form; [] where it is plain paragraphs. Raises NotALayout."""
    if not isinstance(given, list) or len(given) > _MOST_BLOCKS:
        raise NotALayout(f"排版应写成一列，最多 {_MOST_BLOCKS} 段")
    blocks = _trimmed([_block(one) for one in given])
    is_plain = all(one["kind"] == "p" and all(style_of(run) == PLAIN for run in one["runs"]) for one in blocks)
    return [] if is_plain else blocks


def words_of(layout: Sequence[Block]) -> str:
    """The text that the layout says: one line a block."""
    return "\n".join(_line(one) for one in layout if one["kind"] != PICTURE)


def fit(layout: Sequence[Block], text: str, pictures: int | None = None) -> list[Block]:
    """The layout of a text that may have changed since: lines and words that stayed keep their looks.

    Pictures stay behind the line that they followed; those that are no longer there (`pictures`: so many are) go.
    """
    blocks = [one for one in layout if one["kind"] != PICTURE or pictures is None or one["picture"] < pictures]
    if words_of(blocks) != text:
        blocks = list(_refitted(blocks, text.split("\n")))
    return read(blocks)


def plain(text: str) -> list[Block]:
    """A text as paragraphs."""
    return [_of("p", line) for line in text.split("\n")]


def style_of(run: dict[str, Any]) -> Style:
    """Whether a run is bold, and where it leads."""
    return bool(run.get("bold")), run.get("link", "")


# ── reading what was given ──


def _block(given: object) -> Block:
    if not isinstance(given, dict):
        raise NotALayout("排版的每一段应写成一个对象")
    kind = given.get("kind")
    if kind == PICTURE:
        place = given.get("picture")
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < 1000:
            raise NotALayout("图片应写它是第几张，从 0 数起")
        return {"kind": PICTURE, "picture": place}
    runs = given.get("runs", [])
    if kind not in LINES or not isinstance(runs, list):
        raise NotALayout(f"没有“{kind}”这样的段落；可写：{'、'.join([*LINES, PICTURE])}")
    return {"kind": kind, "runs": _joined([_run(one) for one in runs])}


def _run(given: object) -> tuple[str, Style]:
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str) or "\n" in text or "\r" in text:
        raise NotALayout("段落里的每一节应有文字 text，不换行")
    assert isinstance(given, dict)
    link = given.get("link") or ""
    fits = isinstance(link, str) and len(link) <= _LONGEST_LINK and _LINK.fullmatch(link)
    return text, (bool(given.get("bold")), link if fits else "")


def _joined(runs: Sequence[tuple[str, Style]]) -> list[dict[str, Any]]:
    """Runs in their one form: neighbours that look alike are one, empty ones are none."""
    joined: list[tuple[str, Style]] = []
    for text, style in runs:
        if text and joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        elif text:
            joined.append((text, style))
    return [
        {"text": text} | ({"bold": True} if bold else {}) | ({"link": link} if link else {})
        for text, (bold, link) in joined
    ]


def _trimmed(blocks: list[Block]) -> list[Block]:
    """As a text is stripped at both ends: no empty line and no white space there."""
    texts = [one for one in blocks if one["kind"] != PICTURE]
    for ordered, strip in ((texts, str.lstrip), (texts[::-1], str.rstrip)):
        for block in ordered:
            _strip_runs(block, strip)
            if block["runs"]:
                break
    first = next((place for place, one in enumerate(texts) if one["runs"]), len(texts))
    last = max((place for place, one in enumerate(texts) if one["runs"]), default=-1)
    kept = {id(one) for one in texts[first : last + 1]}
    return [one for one in blocks if one["kind"] == PICTURE or id(one) in kept]


def _strip_runs(block: Block, strip: Any) -> None:
    runs = block["runs"]
    while runs:
        place = 0 if strip is str.lstrip else -1
        runs[place]["text"] = strip(runs[place]["text"])
        if runs[place]["text"]:
            return
        del runs[place]


# ── the same looks for changed words ──


def _line(block: Block) -> str:
    return "".join(run["text"] for run in block["runs"])


def _of(kind: str, line: str) -> Block:
    return {"kind": kind, "runs": [{"text": line}] if line else []}


def _refitted(blocks: Sequence[Block], lines: Sequence[str]) -> Iterator[Block]:
    texts: list[Block] = []
    behind: dict[int, list[Block]] = {}  # the pictures behind so many lines
    for one in blocks:
        if one["kind"] == PICTURE:
            behind.setdefault(len(texts), []).append(one)
        else:
            texts.append(one)
    yield from behind.pop(0, ())
    matcher = SequenceMatcher(None, [_line(one) for one in texts], lines, autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for place in range(max(b - a, d - c)):
            if c + place < d:
                old = texts[a + place] if a + place < b else None
                yield _changed(old, lines[c + place]) if old else _of("p", lines[c + place])
            if a + place < b:
                yield from behind.pop(a + place + 1, ())


def _changed(block: Block, line: str) -> Block:
    old = _line(block)
    if old == line:
        return block
    looks = [style_of(run) for run in block["runs"] for _ in run["text"]]
    if not any(look != PLAIN for look in looks) or max(len(old), len(line)) > _LONGEST_LINE:
        return _of(block["kind"], line)
    runs: list[tuple[str, Style]] = []
    for tag, a, _, c, d in SequenceMatcher(None, old, line, autojunk=False).get_opcodes():
        if tag == "equal":
            runs += [(letter, looks[a + place]) for place, letter in enumerate(line[c:d])]
        elif tag == "replace":
            runs.append((line[c:d], looks[a]))
        elif tag == "insert":
            is_within = 0 < a < len(looks) and looks[a - 1] == looks[a]
            runs.append((line[c:d], looks[a] if is_within else PLAIN))
    return {"kind": block["kind"], "runs": _joined(runs)}
