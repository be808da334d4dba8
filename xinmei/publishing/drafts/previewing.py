"""A version as the reader will see it on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.template.loader import render_to_string

from xinmei.core.layouts import LINES, PICTURE, Block, plain
from xinmei.publishing.models import DraftVersion
from xinmei.registry.models import Account

Platform = Account.Platform
# Where an article has a title and its own layout; elsewhere it is plain words with the pictures behind them.
ARTICLES = frozenset({Platform.WECHAT, Platform.TOUTIAO, Platform.APP, Platform.MINI_PROGRAM, Platform.OTHER})
_LISTS = ("ul", "ol")
Masker = Callable[[str], str]


def previews(version: DraftVersion, accounts: Iterable[Account], shown: Masker) -> list[dict[str, Any]]:
    """One preview for each account: the platform's shape, and the blocks or the plain words."""
    return [
        {"account": one, "is_article": one.platform in ARTICLES, "blocks": blocks_of(version, shown)}
        for one in accounts
    ]


def blocks_of(version: DraftVersion, shown: Masker = str) -> list[dict[str, Any]]:
    """What stands below each other: lines of one list together; pictures without a place come last."""
    layout: list[Block] = version.layout or plain(version.text)
    images = list(version.images.all())
    placed = [one["picture"] for one in layout if one["kind"] == PICTURE]
    rest = [{"kind": PICTURE, "picture": place} for place in range(len(images)) if place not in placed]
    blocks: list[dict[str, Any]] = []
    for one in [*layout, *rest]:
        kind = one["kind"]
        if kind == PICTURE:
            if one["picture"] < len(images):
                blocks.append({"kind": kind, "image": images[one["picture"]]})
            continue
        runs = [run | {"text": shown(run["text"])} for run in one["runs"]]
        if kind in _LISTS and blocks and blocks[-1]["kind"] == kind:
            blocks[-1]["items"].append(runs)
        elif kind in _LISTS:
            blocks.append({"kind": kind, "items": [runs]})
        elif runs or version.layout:
            blocks.append({"kind": kind, "runs": runs})
    return blocks


def write_html(version: DraftVersion) -> str:
    """The layout as plain HTML without style, for a platform that takes it; pictures are named by their digests."""
    return render_to_string("publishing/drafts/article.html", {"blocks": blocks_of(version), "is_sent": True})


assert set(_LISTS) < set(LINES)
