"""The object of an act is found and held: by the room's own door, for one of the positions in question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet

from xinmei.compiled import Compiled, given
from xinmei.core.refusals import NotFound, NotSo, Wrong
from xinmei.core.verbs import Kind
from xinmei.people.events import Acting

_BATCH = 500


def take(kind: Kind, ids: Sequence[object], actings: Sequence[Acting]) -> list[Any]:
    """The objects of these ids that exist for one of the positions, locked, in the order asked for. Raises NotFound."""
    numbers = list(dict.fromkeys(str(one).strip() for one in ids))
    if not numbers:
        raise NotSo(f"没有给出{kind.label}的编号", (Wrong("on", "应写编号"),))
    fitting = [one for one in numbers if is_a_key(kind, one)]
    rows: dict[str, Any] = {}
    for acting in actings:
        missing = [one for one in fitting if one not in rows]
        for start in range(0, len(missing), _BATCH):
            for found in _locked(kind, kind.rows(acting), missing[start : start + _BATCH]):
                rows[kind.number_of(found)] = found
    if unknown := [one for one in numbers if one not in rows]:
        count = f"（共{len(unknown)}个编号）" if len(unknown) > 5 else ""
        raise NotFound(f"没有编号为 {'、'.join(unknown[:5])} 的{kind.label}{count}{kind.where}")
    return [rows[one] for one in numbers]


def _locked(kind: Kind, rows: QuerySet[Any], numbers: list[str]) -> Iterable[Any]:
    """These rows, locked.

    The condition of reach may join other tables, which must not be locked too: then the rows are named first. One
    object, as nearly always, is held by that condition and then read with what belongs to it.
    """
    if len(numbers) == 1 and not rows.query.where and not rows.query.distinct and not rows.query.combinator:
        return _one_locked(kind).fetch(number=numbers[0])  # everything is in reach
    named = rows.filter(**{f"{kind.key}__in": numbers})
    joined = sum(count > 0 for count in named.query.alias_refcount.values())  # some joins turn out not to be needed
    simple = joined <= 1 and not (named.query.distinct or named.query.combinator)
    held = named if simple else rows.model._default_manager.filter(pk__in=named.values("pk"))
    if len(numbers) == 1:
        found = list(held.order_by().select_for_update().values_list("pk", flat=True))
        return _one_locked(kind).fetch(number=numbers[0]) if found else ()
    locked = held.order_by("pk").select_for_update(of=("self",))
    return locked.select_related(*kind.related) if kind.related else locked


@cache
def _one_locked(kind: Kind) -> Compiled[Any]:
    """One row with what belongs to it, locked, whoever asks."""

    def one() -> QuerySet[Any]:
        row = kind.model._default_manager.filter(**{kind.key: given("number")}).order_by()
        row = row.select_for_update(of=("self",))
        return row.select_related(*kind.related) if kind.related else row

    return Compiled(one)


def is_a_key(kind: Kind, number: str) -> bool:
    """Whether an id is of a form that an object of this kind may have, so that it can be asked for."""
    if kind.key == "pk":
        return number.isascii() and number.isdigit() and len(number) < 19
    return "\0" not in number and not any("\ud800" <= letter <= "\udfff" for letter in number)
