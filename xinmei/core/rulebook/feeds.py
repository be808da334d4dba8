"""How findings count in 附件2: `rules/feeds/`, one dated table for all sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from xinmei.core.rulebook.editions import UnknownSet
from xinmei.core.rulebook.files import RULES, read_table
from xinmei.core.rulebook.indicators import criteria, dated_files


@dataclass(frozen=True)
class Feed:
    """What a confirmed finding means for 附件2.

    `to` is the criterion under which it counts (None: it costs nothing). `problem` says whether it is a problem for
    合格率.
    """

    to: str | None
    problem: bool


@cache
def feeds(on: date | None = None) -> Mapping[tuple[str, str], Feed]:
    """How findings feed 附件2, by (set, criterion): `rules/feeds/feeds.<day>.yaml` in force on a day, or the newest.

    Raises UnknownSet for a day before the first table, RulebookError where a criterion is unknown.
    """
    files = dated_files(RULES / "feeds")["feeds"]
    in_force = [path for day, path in files if on is None or day <= on]
    if not in_force:
        raise UnknownSet(f"计入对照表自 {files[0][0]} 起施行，{on} 尚无版本可用")
    row = read_table(in_force[-1]).check_keys(("title", "document", "in_force", "feeds"))
    known, table = criteria(), {}
    for name, entry in row.row("feeds").items():
        set_id, _, criterion = name.partition("/")
        to = entry.check_keys(("to", "problem"))["to"]
        if (set_id, criterion) not in known or (to is not None and ("assessment", to) not in known):
            raise entry.fault(f"对照表中的 {name} → {to} 有不认识的细则")
        table[set_id, criterion] = Feed(to, bool(entry["problem"]))
    return table
