"""Writes packs of fixed phrases from plain lists: chooses for each phrase an example that the screening finds.

    python tools/write_phrases.py LIST… --out rules/screening

A list is plain text. `@id|title|category|source` begins a pack; then follow phrases, separated by blanks. A phrase may
carry legitimate variants, days and marks: `phrase/variant/variant;from=2023-03-10;to=2026-01-01;strict;locked`.
A phrase that another pack has already is left out. The example (`hit`) is the phrase with one common character that
sounds or looks like its own; a phrase for which none is found is named and left out: the language model does not know
it well enough to tell slips in it. A pack of more than 300 phrases is split into files that a person can read.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from xinmei.core.rulebook import RULES
from xinmei.core.screening.alike import Alike
from xinmei.core.screening.packs import Pack, read_pack
from xinmei.core.screening.screen import Screen, _load_model, read_packs

CLAUSES = {
    "typo": "附件2 运维管理5：抽查检查发现政务新媒体发布信息内容中出现错别字，每次扣2分",
    "grave_misstatement": "附件1 单项否决：出现严重表述错误",
}
SEVERITY = {"typo": "medium", "grave_misstatement": "high"}
MOST = 300  # phrases of one file
COMMON = 24  # so many slips are tried


@dataclass
class Theme:
    """One pack to write."""

    name: str
    title: str
    category: str
    source: str
    phrases: list[dict[str, Any]] = field(default_factory=list)


def read_lists(paths: Sequence[Path]) -> list[Theme]:
    """The packs named in lists."""
    themes: list[Theme] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                name, title, category, source = line[1:].split("|")
                themes.append(Theme(name, title, category, source))
            else:
                themes[-1].phrases += [_read_phrase(word) for word in line.split()]
    return themes


def _read_phrase(word: str) -> dict[str, Any]:
    forms, *marks = word.split(";")
    phrase, *variants = forms.split("/")
    row: dict[str, Any] = {"phrase": phrase}
    if variants:
        row["variants"] = variants
    for mark in marks:
        key, _, value = mark.partition("=")
        row[key] = date.fromisoformat(value) if value else True
    return row


def split(theme: Theme) -> Iterator[Theme]:
    """The pack in pieces that a person can read."""
    pieces = -(-len(theme.phrases) // MOST)
    for number in range(pieces):
        size = -(-len(theme.phrases) // pieces)
        part = theme.phrases[number * size : (number + 1) * size]
        name = theme.name if not number else f"{theme.name}_{number + 1}"
        yield Theme(name, theme.title + (f"（{number + 1}）" if pieces > 1 else ""), theme.category, theme.source, part)


def as_pack(theme: Theme) -> Pack:
    """The pack, with examples still to be chosen."""
    return read_pack(
        {
            "id": theme.name,
            "title": theme.title,
            "kind": "phrases",
            "category": theme.category,
            "severity": SEVERITY[theme.category],
            "clause": CLAUSES[theme.category],
            "source": theme.source,
            "entries": [{"hit": "未定", "miss": row["phrase"]} | row for row in theme.phrases],
        }
    )


def choose_example(screen: Screen, alike: Alike, usual: Counter[str], rule: str, row: dict[str, Any]) -> str | None:
    """The phrase with one wrong character that the screening names."""
    phrase, day = row["phrase"], max(row.get("from", date(2026, 1, 1)), date(2026, 1, 1))
    day = min(day, row.get("to", day))
    slips = sorted(slip for slip in set(alike.miswrite(phrase)) if all(usual[one] for one in slip))
    step = max(1, len(slips) // COMMON)
    for slip in slips[::step]:
        for text in (slip, f"认真做好{slip}有关工作"):
            hits = screen._hits(text, day)
            if any(hit.rule == rule and hit.shelf == "confident" for hit in hits):
                return text
    return None


def write(theme: Theme, examples: dict[str, str], out: Path) -> None:
    """One file."""
    lines = [
        f"id: {theme.name}",
        f"title: {theme.title}",
        "kind: phrases",
        f"category: {theme.category}",
        f"severity: {SEVERITY[theme.category]}",
        f"clause: {CLAUSES[theme.category]}",
        f"source: {theme.source}",
        "entries:",
    ]
    for row in theme.phrases:
        if row["phrase"] not in examples:
            continue
        parts = [f"phrase: {row['phrase']}"]
        if "variants" in row:
            parts.append(f"variants: [{', '.join(row['variants'])}]")
        parts += [f"{key}: true" for key in ("strict", "locked", "alike") if row.get(key)]
        parts += [f"{key}: {row[key]}" for key in ("from", "to") if key in row]
        lines.append(f"  - {{{', '.join(parts)}, hit: {examples[row['phrase']]}, miss: {row['phrase']}}}")
    (out / f"{theme.name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=RULES / "screening")
    options = parser.parse_args()
    themes = [part for theme in read_lists(options.lists) for part in split(theme)]
    written = {theme.name for theme in themes}
    kept = [pack for pack in read_packs(RULES / "screening") if pack.name not in written]
    known = {form for pack in kept if pack.kind == "phrases" for entry in pack.entries for form in entry.find}
    for theme in themes:
        fresh = {row["phrase"]: row for row in theme.phrases if row["phrase"] not in known and len(row["phrase"]) > 3}
        known |= set(fresh)
        theme.phrases = list(fresh.values())
    rules = RULES / "screening"
    screen = Screen([*kept, *map(as_pack, themes)], rules, _load_model())
    alike = Alike(rules / "sounds.txt", rules / "looks.txt")
    usual = Counter("".join(entry.find[0] for pack in screen.packs if pack.kind == "phrases" for entry in pack.entries))
    for theme in themes:
        examples = {
            row["phrase"]: found
            for row in theme.phrases
            if (found := choose_example(screen, alike, usual, f"{theme.name}/{row['phrase']}", row))
        }
        write(theme, examples, options.out)
        left = [row["phrase"] for row in theme.phrases if row["phrase"] not in examples]
        print(f"{theme.name}: {len(examples)} phrases" + (f", left out: {' '.join(left)}" if left else ""))


if __name__ == "__main__":
    main()
