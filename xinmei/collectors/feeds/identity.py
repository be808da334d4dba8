"""What tells the posts of a feed apart: the feed's own name for them, or, where that is the same for several, what
differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One post in a feed. `key` is what names it, and `own_key` the feed's own name for it; times are aware."""

    key: str
    published_at: datetime
    title: str
    text: str
    url: str
    links: tuple[str, ...]
    own_key: str = ""
    link: str = ""


# In this order: the first that differs for all entries of a feed is their name.
NAMES: tuple[Callable[[Entry], str], ...] = (
    lambda entry: entry.own_key or entry.link,
    lambda entry: entry.link,
    lambda entry: f"{entry.own_key}\n{entry.link}\n{entry.published_at.timestamp():.0f}",
    lambda entry: f"{entry.own_key}\n{entry.link}\n{entry.published_at.timestamp():.0f}\n{entry.title}",
)


def tell_apart(entries: Sequence[Entry]) -> list[Entry] | None:
    """The entries with the keys that tell them apart, or None where two have nothing that differs."""
    for name in NAMES:
        keys = [name(entry) for entry in entries]
        if all(keys) and len(set(keys)) == len(keys):
            return [replace(entry, key=key) for entry, key in zip(entries, keys, strict=True)]
    return None


def names_of(entry: Entry) -> list[str]:
    """Every name that the entry could have had in another reading of its feed."""
    return [key for name in NAMES if (key := name(entry).strip())]


def drop_repeats_on_top(entries: Sequence[Entry]) -> list[Entry]:
    """Without the second mention of a post that is kept on top (置顶) and stands again in its place.

    Another kind of repeat stays: it may have taken the place of a post that is missing.
    """
    rest = list(entries)
    while len(rest) > 1 and rest[0] in rest[1:] and rest[0].published_at < max(e.published_at for e in rest[1:]):
        rest.pop(0)
    return rest
