"""Which criteria a person may enter a fault under."""

from __future__ import annotations

from xinmei.core.rulebook import HOUSE_SETS, Criterion, criteria


class UnknownCriterion(Exception):
    """The criterion does not exist, or only the system itself may record it."""


def criterion_for_people(name: str) -> Criterion:
    """The criterion of that name that a person may enter: the one of `inspection`, else `assessment`, else `duty`.

    Raises UnknownCriterion for an unknown name, and for what only the system itself records.
    """
    set_, _, bare = name.rpartition("/")
    table = criteria()
    found = next((table[s, bare] for s in HOUSE_SETS if (s, bare) in table and set_.split("/")[0] in ("", s)), None)
    if found is None or (found.kind, found.recorded_by) == ("BONUS", "system"):
        allowed = "、".join(c.criterion for (s, _), c in table.items() if s in HOUSE_SETS and c.recorded_by != "system")
        raise UnknownCriterion(f"没有名为“{name}”的细则，可用：{allowed}")
    if found.recorded_by == "system":
        raise UnknownCriterion(f"“{found.title}”由系统自行记录，不能录入")
    return found
