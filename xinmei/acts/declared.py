"""Every act that is declared: each room's `verbs.py` is found by name, as its `jobs.py` is."""

from __future__ import annotations

from functools import cache

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.rooms import bring


@cache
def verbs() -> dict[str, Verb]:
    """All verbs by name, in the order of the rooms and of their declarations.

    Raises ValueError where one name is declared twice.
    """
    found: dict[str, Verb] = {}
    for room in bring("verbs"):
        for one in sorted((one for one in vars(room).values() if isinstance(one, Verb)), key=lambda one: one.place):
            if found.get(one.name) is one:
                continue
            if one.name in found:
                raise ValueError(f"{one.name} is declared twice")
            found[one.name] = one
    return found


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of objects that acts are done to or make, by name."""
    found: dict[str, Kind] = {}
    for verb in verbs().values():
        for kind in (verb.of, verb.answers):
            if found.setdefault(kind.name, kind) is not kind:
                raise ValueError(f"{kind.name} is declared twice")
    return found


def verbs_of(kind: Kind, *, makes: bool = False) -> list[Verb]:
    """The verbs done to objects of this kind, or those that make one."""
    return [verb for verb in verbs().values() if verb.of is kind and (verb.makes == makes or verb.also)]
