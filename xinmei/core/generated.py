"""Whether a text says that it was made by a machine, as whoever publishes such content must.

The words are in `rules/generated.yaml`, which is read strictly and checked against its own examples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xinmei.core.rulebook.files import read_table

FILE = Path("generated.yaml")
_KEYS = ("title", "document", "clause", "in_force", "subject", "made", "apart", "example", "hits", "near_misses")


@dataclass(frozen=True)
class Labelling:
    """How a text is labelled: the words, the clause, and an example that fits."""

    pattern: re.Pattern[str]
    document: str
    clause: str
    example: str

    def is_in(self, text: str) -> bool:
        """Whether the text says it."""
        return self.pattern.search(text) is not None


@cache
def labelling() -> Labelling:
    """The rule. Raises RulebookError where an example of its own is judged otherwise."""
    table = read_table(FILE)
    table.check_keys(_KEYS)
    subject, made = ("|".join(map(re.escape, table[name])) for name in ("subject", "made"))
    between = rf"[^，。；！？\n]{{0,{int(table['apart'])}}}"
    found = Labelling(
        re.compile(rf"(?:{subject}){between}(?:{made})"), table["document"], table["clause"], table["example"]
    )
    wrong = [text for text in (*table["hits"], found.example) if not found.is_in(text)]
    wrong += [text for text in table["near_misses"] if found.is_in(text)]
    if wrong:
        raise table.fault(f"例句“{wrong[0]}”判断得不对")
    return found
