"""The rule packs in use: those of `rules/screening/`, the office's released entries, and what was taken down a shelf."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from xinmei.core.rulebook import RULES
from xinmei.core.screening import CATEGORIES, Pack, Screen, read_pack
from xinmei.packs.models import Demotion, OwnEntry

FORMER = ("时任", "原任", "曾任", "前任", "年前", "当年", "回顾", "历史")
_latest: dict[tuple[str, frozenset[str]], Screen] = {}


@cache
def shipped() -> Screen:
    """The packs of `rules/screening/` alone."""
    return Screen.load()


@cache
def clauses() -> dict[str, str]:
    """The clause of each category, as the shipped packs quote it."""
    found: dict[str, str] = {}
    for pack in shipped().packs:
        found.setdefault(pack.category, pack.entries[0].clause)
    return found


def current_screen() -> Screen:
    """The screen of this moment. A process keeps the latest one: two queries tell whether something was released, ended or demoted since."""
    released = _describe_packs(OwnEntry.objects.filter(state=OwnEntry.State.RELEASED).order_by("pk"))
    demoted = frozenset(Demotion.objects.filter(state=Demotion.State.APPROVED).values_list("rule", flat=True))
    state = (repr(released), demoted)
    screen = _latest.get(state)
    if screen is None and not released and not demoted:
        return shipped()
    if screen is None:
        base = shipped()
        packs = [demote(pack, demoted) for pack in (*base.packs, *map(read_pack, released))]
        screen = Screen(packs, RULES / "screening", base.model)
        _latest.clear()
        _latest[state] = screen
    return screen


def demote(pack: Pack, names: frozenset[str]) -> Pack:
    """The pack with the rules of these names on the shelf of the possible."""
    if not names & pack.names:
        return pack
    entries = tuple(replace(entry, shelf="possible") if entry.name in names else entry for entry in pack.entries)
    return replace(pack, entries=entries)


def describe_pack(category: str, entries: Iterable[OwnEntry]) -> dict[str, Any]:
    """Own entries of one category as a rule pack is written; `starts_on` and `ends_on` are its days in force."""
    return {
        "id": f"own_{category}",
        "title": f"自定词条：{CATEGORIES[category]}",
        "kind": "words",
        "category": category,
        "clause": clauses()[category],
        "source": "本单位自定",
        "entries": [_describe(entry) for entry in entries],
    }


def _describe(entry: OwnEntry) -> dict[str, Any]:
    words: dict[str, Any] = {
        "name": str(entry.pk or "new"),
        "find": list(entry.terms),
        "severity": entry.severity,
        "shelf": entry.shelf,
        "hit": entry.hit,
        "miss": entry.miss,
        "why": entry.reason,
    }
    unless = [*entry.unless, *(FORMER if entry.former_title else ())]
    optional = {
        "suggest": entry.suggest,
        "except": list(entry.longer),
        "unless": unless,
        "from": entry.starts_on,
        "to": entry.ends_on,
    }
    return words | {key: value for key, value in optional.items() if value}


def _describe_packs(entries: Iterable[OwnEntry]) -> list[dict[str, Any]]:
    """One pack a category, in the order of the categories."""
    groups: dict[str, list[OwnEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.category, []).append(entry)
    return [describe_pack(category, groups[category]) for category in CATEGORIES if category in groups]


def screen_of(entries: Iterable[OwnEntry]) -> Screen:
    """A screen of these entries alone, without the typo model: fast enough for every text there is."""
    return Screen(map(read_pack, _describe_packs(entries)), RULES / "screening")


def name_rules(rules: Collection[str]) -> dict[str, str]:
    """The Chinese of rules: the title of their pack and what they look for."""
    titles = {pack.name: pack.title for pack in shipped().packs}
    numbers = [
        int(rule.rpartition("/")[2]) for rule in rules if rule.startswith("own_") and rule.rpartition("/")[2].isdigit()
    ]
    own = {entry.pk: str(entry) for entry in OwnEntry.objects.filter(pk__in=numbers)} if numbers else {}
    return {rule: _name_rule(rule, titles, own) for rule in rules}


def _name_rule(rule: str, titles: dict[str, str], own: dict[int, str]) -> str:
    pack, _, name = rule.partition("/")
    if rule == "model/typo":
        return "错别字模型"
    if pack.startswith("own_"):
        return f"自定词条：{own.get(int(name), name) if name.isdigit() else name}"
    # a detector is named by an identifier, which tells people nothing
    return titles.get(pack, pack) if name.isascii() else f"{titles.get(pack, pack)}：{name}"


def day_for_examples(entry: OwnEntry) -> date:
    """A day on which the entry is in force."""
    return entry.starts_on or entry.ends_on or date(2026, 1, 1)
