"""The declaration of an act: one verb done to one kind of object.

A room declares its own in its `verbs.py`; `xinmei.acts` performs them.

    RECTIFY = Verb("finding.rectify", "登记整改", of=FINDING, right="rectify", moves={"NOTIFIED": "RECTIFIED"},
                   fields=RectifyFields, do=rectify, done="已登记整改，等待复查。")

From this one declaration come the button and the form on the page, `xinmei do`, the operation of the API, the row in
the matrix of doors, and the name in the event log. The types are plain data: they know neither Django nor any room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

Moves = Mapping[str, str | tuple[str, ...]]
_IRREGULAR = {"person": "people"}
_place = count()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of object that acts are done to.

    `rows(acting)` are the objects that exist for the position that acts: the room's own door. `show(object, acting)` is
    the object as programs get it; the TypedDict that it returns is its schema in the document of the API.
    `unit(object)` is the number of the unit that owns it, by which the reach of a right is judged (None: the city's
    own). `page` is the name of the address of one object, or a function that gives the address (of a list, or of
    what the object belongs to, where it has no page of its own): that page is shown again, with what was typed, when an
    act is refused. `path` begins the addresses of its acts.
    `stands_in(acting, unit)` says whether the position acts for a unit that is not its own, of that number.
    `last_step(objects)` gives the moment of the last step, by primary key. `where` says to people where the numbers are
    to be found.
    """

    name: str
    label: str
    path: str
    model: Any
    rows: Callable[[Any], Any]
    show: Callable[[Any, Any], Mapping[str, Any]]
    key: str = "pk"
    state: str = ""
    unit: Callable[[Any], int | None] = lambda found: None
    related: tuple[str, ...] = ()
    page: str | Callable[[Any], str] = ""
    stands_in: Callable[[Any, int], bool] | None = None
    last_step: Callable[[Sequence[Any]], Mapping[Any, datetime]] | None = None
    where: str = ""

    @property
    def plural(self) -> str:
        """How the addresses of the API call all of them: `findings`, `entries`, `people`."""
        name = self.name.replace("_", "-")
        if name in _IRREGULAR:
            return _IRREGULAR[name]
        return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"

    def state_of(self, found: Any) -> str:
        """The state as its identifier; "" where the kind has none."""
        return str(getattr(found, self.state)) if self.state else ""

    def state_name(self, found: Any) -> str:
        """The state in Chinese."""
        said = getattr(found, f"get_{self.state}_display", None)
        return str(said()) if said else self.state_of(found)

    def number_of(self, found: Any) -> str:
        """What the object is known by outside: its code, or its number."""
        return str(getattr(found, self.key))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would come of what is typed. `field`: beside which one it stands; "" below the form. `quote`: the clause.

    `stops`: it is refused so. `steps` show how a day came about.
    """

    text: str
    field: str = ""
    quote: str = ""
    stops: bool = False
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verb:
    """One act, declared once.

    name
        "kind.word". label: the button, in Chinese.
    right
        A row of the second table of rights, or several of which one is enough; by state where it differs; or a function
        of the object. "" where `bars` alone decides; it may stand among several.
    moves
        The allowed moves: state -> state (or states). Empty where the kind has no state, or the verb is allowed in
        each.
    fields
        The typed form of what is given with the act, one for page, command line and API.
    do
        `do(object, given, by, at)` does the act inside the transaction that `perform` opened, writes one event, and
        returns the object after it.
        `given` holds the cleaned fields. With `makes` it is `do(given, by, at)` and returns the object that it made;
        with `together` it is `do(objects, given, bys, at)` for several objects at once, by set-based statements, and
        returns them all.
    also
        Of a verb that makes an object: it is also done to one that is there already, in the states of `moves`. Then it
        is `do(object, given, by, at)`, with None for the object where a new one is made.
    within
        `within(acting, object, right)` says whether the object lies within the reach of the right, where its unit alone
        does not decide: it goes through an office, or somebody stands in.
    bars
        `bars(acting, object, right)` says in Chinese why this person stands back here, or "".
    ready
        `ready(object, at)` says why the act cannot be done now although the state allows it, or "".
    owner
        Of a verb that makes an object: the number of the unit that owns what `with` names, by which the position that
        acts is chosen.
    result
        The kind of what is made by an act on an object of another kind: `do` returns it, and the answer shows it.
    page
        Of a verb that makes an object: the name of the address whose page holds its form, or a function of the form
        that gives the address; a plain page of its own where there is none. Of another verb: a function of the object,
        where it is offered elsewhere than on the page of its kind.
    done
        What the page says afterwards; a function of the object after the act where that depends on it. "" says nothing.
    then
        The address that the browser is sent to afterwards, by the object after the act; its page, or that of all, where
        there is none.
    once
        A template that shows a secret which the act made, `found.once`. `xinmei do` answers it as `once`. It is stored
        nowhere.
    grave
        Why it cannot be taken back, in Chinese: the page says so beside the button and asks for a second look. Programs
        and the command line have no button to slip on, and are not asked.
    each
        Of a verb that makes an object: the fields that a page may fill with each of several chosen things in turn, by
        check boxes. Each is an act of its own, with a sentence of its own. Of a verb done to an object it is "on": the
        chosen things are the objects, and what else is written goes with each.
    foresees
        `foresees(object, given, by, at)` says what would come of it, before it is done and while it is typed: what the
        act, or the one after it, refuses, each with its clause, and the days that follow. It changes nothing. The
        object is None where one would be made.
    public
        Done by the public, without log-in and without `by`: whoever asks is nobody, and is shown what was made.
    event
        The name in the event log where it differs from `name` (acts that are older than their declaration keep theirs).
    """

    name: str
    label: str
    _: KW_ONLY
    of: Kind
    do: Callable[..., Any]
    right: str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]] | Callable[[Any], str] = ""
    moves: Moves | None = None
    fields: Any = None
    done: str | Callable[[Any], str] = ""
    makes: bool = False
    also: bool = False
    together: bool = False
    within: Callable[[Any, Any, str], bool] | None = None
    bars: Callable[[Any, Any, str], str] | None = None
    ready: Callable[[Any, datetime], str] | None = None
    owner: Callable[[Mapping[str, Any]], int | None] | None = None
    result: Kind | None = None
    page: str | Callable[[Any], str] = ""
    then: Callable[[Any], str] | None = None
    once: str = ""
    each: tuple[str, ...] = ()
    event: str = ""
    hint: str = ""
    grave: str = ""
    main: bool = False
    public: bool = False
    foresees: Callable[[Any, Mapping[str, Any], Any, datetime], Sequence[Foreseen]] | None = None
    # Pages offer acts in the order in which they are declared, whatever the order in which they are imported.
    place: int = field(default_factory=_place.__next__, init=False, repr=False, compare=False)

    @property
    def word(self) -> str:
        """The verb without its kind."""
        return self.name.partition(".")[2]

    @property
    def answers(self) -> Kind:
        """The kind of the object that comes out of the act."""
        return self.result or self.of

    @property
    def looks_twice(self) -> bool:
        """Whether the page asks for a tick; not where the form itself is the second look (`again`)."""
        return bool(self.grave) and "again" not in getattr(self.fields, "base_fields", {})

    @property
    def is_foreseen(self) -> bool:
        """Whether the page says, while it is typed, what would come of it."""
        return self.foresees is not None

    @property
    def recorded_as(self) -> str:
        """The name in the event log."""
        return self.event or self.name

    def said(self, found: Any) -> str:
        """What the page says after the act."""
        return self.done(found) if callable(self.done) else self.done
