"""Versions: each written once, with its difference kept, and screened when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.differences import compare, differs
from xinmei.core.layouts import Block, fit
from xinmei.files.keeping import keep
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.publishing.drafts.hits import screen_version
from xinmei.publishing.models import Draft, DraftImage, DraftVersion, Post

_WORDS = ("title", "text", "source")
Picture = tuple[str, str]


def make_version(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> bool:
    """Makes the next version where something of it changed. Whether it did. Part of the act's transaction.

    「A change of title, text, images, accounts, origin or source makes a new version」, and so does another layout.
    """
    before = draft.current
    words = {name: given.get(name, getattr(before, name, "")) or "" for name in (*_WORDS, "origin")}
    pictures = _pictures(given, before, at)
    layout = _layout(given, before, words["text"], len(pictures))
    accounts = sorted(draft.for_accounts.values_list("account__code", flat=True))
    said = words | {"layout": layout, "accounts": accounts}
    if before is not None and pictures == pictures_of(before) and _says(before, said):
        return False
    draft.version += 1
    draft.current = DraftVersion.objects.create(
        draft=draft,
        number=draft.version,
        **said,
        difference=_difference(before, words, layout, accounts, pictures),
        by=by.login,
        at=at,
    )
    _keep_pictures(draft.current, pictures)
    screen_version(draft.current, draft.unit_id, day_of(at))
    return True


def _says(version: DraftVersion, said: Mapping[str, Any]) -> bool:
    """Whether a version says exactly this."""
    return all(getattr(version, name) == value for name, value in said.items())


def pictures_of(version: DraftVersion) -> list[Picture]:
    """(name, SHA-256) in their order."""
    return [(image.name, image.file_id) for image in version.images.all()]


def _layout(given: Mapping[str, Any], before: DraftVersion | None, text: str, pictures: int) -> list[Block]:
    """The layout that was given, or the one before, as it fits the text: whoever corrects a word keeps the looks."""
    layout = given.get("layout", before.layout if before is not None else [])
    return fit(layout, text, pictures)


def _pictures(given: Mapping[str, Any], before: DraftVersion | None, at: datetime) -> list[Picture]:
    if "images" not in given:
        return pictures_of(before) if before is not None else []
    return [(str(one.name)[-200:], keep(one.read(), at).sha256) for one in given["images"]]


def _keep_pictures(version: DraftVersion, pictures: Sequence[Picture]) -> None:
    DraftImage.objects.bulk_create(
        DraftImage(version=version, place=place, name=name, file_id=digest)
        for place, (name, digest) in enumerate(pictures)
    )


def _difference(
    before: DraftVersion | None,
    words: Mapping[str, str],
    layout: list[Block],
    accounts: list[str],
    pictures: list[Picture],
) -> dict[str, Any]:
    """What changed, by name: words word by word, the rest as it was and as it is."""
    if before is None:
        return {}
    found: dict[str, Any] = {}
    for name in _WORDS:
        pieces = compare(getattr(before, name), words[name])
        if differs(pieces):
            found[name] = [list(piece) for piece in pieces]
    plain = {
        "origin": (Post.Origin(before.origin).label, Post.Origin(words["origin"]).label),
        "accounts": (before.accounts, accounts),
        "images": ([name for name, _ in pictures_of(before)], [name for name, _ in pictures]),
    }
    if before.text == words["text"] and before.layout != layout:
        found["layout"] = ["排版", "排版改过"]
    return found | {name: list(pair) for name, pair in plain.items() if pair[0] != pair[1]}
