"""Mines forms that are near a fixed phrase and that texts use: they are right, unless they are listed as wrong.

    python tools/mine_variants.py FILE… [--wrong rules/screening/variants/wrong.tsv] [--out NEW.txt]

FILE: lines `source⇥sentence`. The screening runs without the forms it knows (`rules/screening/variants/*.txt`). A form
that it would call a slip is taken for right where it stands at least `--times` times in at least `--sources` sources,
or `--often` times in one. Forms of `wrong.tsv` (`wrong form⇥remark`) never are. The result is to be read by a person
before it goes to `rules/screening/variants/mined.txt`: it holds short forms only, no sentence.

`--ordinary N` names the phrases that are met in more than N different near forms: they are too ordinary to be fixed.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from xinmei.core.rulebook import RULES
from xinmei.core.screening.screen import Screen, _load_model, read_packs

WRONG = RULES / "screening/variants/wrong.tsv"
DAY = date(2026, 6, 1)
LONGEST = 24  # characters of a form that is kept


class Found:
    """Forms near phrases, how often they stand in which source."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self.sources: dict[str, set[str]] = defaultdict(set)
        self.forms: dict[str, set[str]] = defaultdict(set)  # of each rule
        self.rules: dict[str, str] = {}

    def read(self, screen: Screen, rows: Iterable[tuple[str, str]]) -> None:
        """Screens sentences."""
        phrases = {entry.name for pack in screen.packs if pack.kind == "phrases" for entry in pack.entries}
        sources, texts = zip(*rows, strict=True)
        for source, hits in zip(sources, screen.scan(texts, DAY, typos=False), strict=True):
            for hit in hits:
                if hit.rule in phrases:
                    form = screen._fold(hit.text)
                    self.times[form] += 1
                    self.sources[form].add(source)
                    self.rules[form] = hit.rule
                    if hit.shelf == "confident":
                        self.forms[hit.rule].add(form)

    def used(self, times: int, sources: int, often: int, wrong: Collection[str]) -> list[str]:
        """The forms that are taken for right."""
        return sorted(
            form
            for form, count in self.times.items()
            if form not in wrong
            and len(form) <= LONGEST
            and ((count >= times and len(self.sources[form]) >= sources) or count >= often)
        )


def read_wrong(path: Path) -> set[str]:
    """The forms that stay wrong however often they are met."""
    if not path.is_file():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0] for line in lines if line and not line.startswith("#")}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--wrong", type=Path, default=WRONG)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--sources", type=int, default=2)
    parser.add_argument("--often", type=int, default=3)
    parser.add_argument("--ordinary", type=int, default=6)
    parser.add_argument("--without", nargs="*", default=(), help="sources that are held out")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    screen = Screen(read_packs(RULES / "screening"), RULES / "screening", _load_model(), usual=())
    found = Found()
    for path in options.files:
        rows = [line.partition("\t")[::2] for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
        found.read(screen, [row for row in rows if row[0] not in options.without])
    used = found.used(options.times, options.sources, options.often, read_wrong(options.wrong))
    if options.out:
        options.out.write_text("\n".join(used) + "\n", encoding="utf-8")
    for form in used:
        print(f"{form}\t{found.rules[form]}\t{found.times[form]}\t{len(found.sources[form])}")
    for rule, forms in sorted(found.forms.items(), key=lambda one: -len(one[1])):
        if len(forms) > options.ordinary:
            print(f"# {rule}: {len(forms)}: {' '.join(sorted(forms)[:8])}")


if __name__ == "__main__":
    main()
