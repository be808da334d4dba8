"""Acts are performed here, and nowhere else. The checks come in the order of `acts.md`; the first that fails answers.

The order is: does somebody hold a position · is the object found · is there a right to it in this state · does the
state allow it · is the input sound. Then the act is done, in the same transaction.

Pages, `xinmei do`, the API and the older commands all call `perform`. They hand in the positions in question: the one
that was chosen, or all that the person holds. The first position that may do the act does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from xinmei.acts.declared import verbs
from xinmei.acts.following import follow_act
from xinmei.compiled import Compiled, given
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours, Wrong
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import Fields, read_json
from xinmei.people.doors import Refused, check, may, reach_to_do
from xinmei.people.events import PUBLIC, Acting
from xinmei.people.reach import reaches
from xinmei.people.rights import DO, POSITION_ORDER, VERB_LABELS

# Makes the form of an act: (who acts, on what) -> the form, bound to what was given.
Bind = Callable[[Acting, Any], Fields]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: the objects after it, in the order asked for, and who acted on each."""

    objects: list[Any]
    bys: list[Acting]

    @property
    def one(self) -> Any:
        """The object, of an act that was done to one."""
        return self.objects[0]

    @property
    def by(self) -> Acting:
        """Who acted on it."""
        return self.bys[0]


def perform(
    verb: Verb | str,
    on: object | Sequence[object] = (),
    *,
    by: Acting | Sequence[Acting],
    at: datetime,
    given: Mapping[str, Any] | Bind | None = None,
) -> Outcome:
    """Does `verb`, a declaration or its name, to the objects with these ids: all of them or none, in one transaction.

    A verb that makes an object gets no ids. `given` is JSON, or a function that binds the form to what a browser sent.
    Raises NotFound, NotYours, NotNow or NotSo, and then nothing has changed. The edge records a NotYours as an event.
    """
    verb = verbs()[verb] if isinstance(verb, str) else verb
    actings = [by] if isinstance(by, Acting) else in_order(by)
    if verb.public:
        actings = [replace(PUBLIC, address=actings[0].address)]
    bind = given if callable(given) else _bind_json(verb, given or {}, at)
    with transaction.atomic():
        ids = [on] if isinstance(on, str | int) else list(on)  # type: ignore[call-overload]
        if verb.makes and not (verb.also and ids):
            done = _make(verb, actings, bind, given, at)
        else:
            done = _do_to(verb, take(verb.of, ids, actings), actings, bind, at)
        follow_act(verb, done.objects, at)
        return done


def _do_to(verb: Verb, found: Sequence[Any], actings: Sequence[Acting], bind: Bind, at: datetime) -> Outcome:
    bys = [first_that_may(verb, _in_reach(verb.of, actings, one), one) for one in found]
    check_moves(verb, found, at)
    cleaned = cleaned_of(bind(bys[0], found[0]), found[0])
    if verb.together:
        return Outcome(list(verb.do(found, cleaned, bys, at)), bys)
    return Outcome([verb.do(one, cleaned, by, at) for one, by in zip(found, bys, strict=True)], bys)


def _make(verb: Verb, actings: Sequence[Acting], bind: Bind, given: object, at: datetime) -> Outcome:
    actings = _owner_first(verb, actings, given)
    acting = first_that_may(verb, actings, None)
    given_well = cleaned_of(bind(acting, None), None)
    made = verb.do(None, given_well, acting, at) if verb.also else verb.do(given_well, acting, at)
    return Outcome([made], [acting])


def in_order(actings: Iterable[Acting]) -> list[Acting]:
    """「the first that may, in the order of `doors.md`'s table, then by unit code」"""
    return sorted(actings, key=lambda one: (POSITION_ORDER.get(one.position, -1), one.unit_code))


def _owner_first(verb: Verb, actings: Sequence[Acting], given: object) -> list[Acting]:
    """「a verb that makes an object takes the first whose unit owns what `with` names」"""
    owner = verb.owner(given) if verb.owner and isinstance(given, Mapping) else None
    if owner is None:
        return list(actings)
    rights, stands_in = rights_of(verb, None), verb.of.stands_in

    def distance(one: Acting) -> tuple[bool, bool]:
        is_own = one.unit_id == owner or (stands_in is not None and stands_in(one, owner))
        return not is_own, not any(right and reaches(one, reach_to_do(one, right), owner) for right in rights)

    return sorted(actings, key=distance)


def _bind_json(verb: Verb, given: Mapping[str, Any], at: datetime) -> Bind:
    return lambda acting, on: read_json(verb.fields or Fields, given, acting=acting, on=on, at=at)


def cleaned_of(form: Fields, found: Any) -> dict[str, Any]:
    """The cleaned fields.

    A version that is no longer current is a question of state, so it answers before the other fields do.
    """
    wrong = form.found_wrong()
    version = form.cleaned_data.get("version") if hasattr(form, "cleaned_data") else None
    if found is not None and version is not None and version != found.version:
        raise NotNow(f"现在是第 {found.version} 稿，您看的是第 {version} 稿：别人改过了，请刷新后再办")
    if why := form.stands_against():
        raise NotNow(why)
    if wrong:
        raise NotSo(errors=wrong)
    return form.cleaned_data


# ── the object ──


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


def _in_reach(kind: Kind, actings: Sequence[Acting], found: Model) -> list[Acting]:
    """The positions for which this object exists. One query each, and only where there are several."""
    if len(actings) == 1:
        return list(actings)
    return [acting for acting in actings if kind.rows(acting).filter(pk=found.pk).exists()]


# ── the right ──


def rights_of(verb: Verb, found: Any) -> list[str]:
    """The rights, rows of the second table, under which the act falls here.

    For a state that the verb does not know, they are those of all its states.
    """
    if callable(verb.right):
        return [verb.right(found)]
    if isinstance(verb.right, str):
        return [verb.right]
    if isinstance(verb.right, tuple):
        return list(verb.right)
    state = verb.of.state_of(found) if found is not None else ""
    told = [verb.right[state]] if state in verb.right else list(verb.right.values())
    return list(dict.fromkeys(right for one in told for right in ([one] if isinstance(one, str) else one)))


def check_right(verb: Verb, acting: Acting, found: Any) -> None:
    """Raises NotYours where this position may not do it: the right, the reach, and who stands back."""
    if not acting.judged:
        return
    refusals = []
    for right in rights_of(verb, found):
        try:
            _check_one(verb, acting, right, found)
        except Refused as refused:
            refusals.append(refused)
        else:
            return
    raise refusals[0]


def _check_one(verb: Verb, acting: Acting, right: str, found: Any) -> None:
    kind = verb.of
    number = "" if found is None else kind.number_of(found)
    if right:
        check(acting, right, kind.name, number)
        if found is not None and not _is_within(verb, acting, right, found):
            _refuse(verb, acting, right, number, f"{kind.label} {number} 不在{acting.unit_name}的管辖范围内")
    if verb.bars and (why := verb.bars(acting, found, right)):
        _refuse(verb, acting, right, number, why)


def _is_within(verb: Verb, acting: Acting, right: str, found: Any) -> bool:
    """Whether the object lies within the reach of the right."""
    if verb.within is not None:
        return verb.within(acting, found, right)
    return reaches(acting, reach_to_do(acting, right), verb.of.unit(found))


def _refuse(verb: Verb, acting: Acting, right: str, number: str, why: str) -> None:
    text = f"{why}，不能{VERB_LABELS.get(right, verb.label)}"
    raise Refused(text, acting=acting, verb=right or verb.name, kind=verb.of.name, number=number)


def first_that_may(verb: Verb, actings: Sequence[Acting], found: Any) -> Acting:
    """The first position that may do the act.

    Raises NotYours with the reason that says most: that of a position that has the right but must stand back.
    """
    refusals: list[Refused] = []
    for acting in actings:
        try:
            check_right(verb, acting, found)
        except Refused as refused:
            refusals.append(refused)
        else:
            return acting
    raise max(refusals, key=lambda refused: refused.verb in DO and may(refused.acting, refused.verb))


# ── the state ──


def check_moves(verb: Verb, found: Sequence[Any], at: datetime) -> None:
    """Raises NotNow where the state does not allow the act, or where something else is still open.

    It also raises where `at` lies before an object's last step; the same moment is allowed.
    """
    for one in found:
        if why := why_not_now(verb, one, at):
            raise NotNow(why)
    if verb.of.last_step is not None:
        last = verb.of.last_step(found)
        for one in found:
            if (before := last.get(one.pk)) is not None and at < before:
                raise NotNow(f"{verb.of.label} {verb.of.number_of(one)} 在此以后已有办理记录，不能补记为更早的时间")


def why_not_now(verb: Verb, found: Any, at: datetime) -> str:
    """Why the act cannot be done now, in Chinese, or ""."""
    kind = verb.of
    if verb.moves is not None and kind.state_of(found) not in verb.moves:
        return f"{kind.label} {kind.number_of(found)} 现在是“{kind.state_name(found)}”，不能{verb.label}"
    return verb.ready(found, at) if verb.ready else ""


def may_now(verb: Verb, acting: Acting, found: Any, at: datetime) -> bool:
    """Whether the page offers this act to this position now."""
    try:
        check_right(verb, acting, found)
    except NotYours:
        return False
    return found is None or not why_not_now(verb, found, at)
