"""A draft as acts.md draws it: its versions, hits and signatures, and what a release is made of."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .town import HOUSE, INSPECTORS, Position, Town

GRAVE = ("grave_misstatement", "state_secret", "harmful_content", "privacy_leak")


@dataclass
class Draft:
    unit: str
    waiting_since: datetime
    state: str = "DRAFT"
    version: int = 1
    accounts: list[str] = field(default_factory=list)
    origin: str | None = None
    source: str | None = None
    source_reason: str | None = None
    title: str | None = None
    text: str | None = None
    images: list[dict[str, Any]] = field(default_factory=list)
    form: str | None = None
    policy: str | None = None
    corrects: str | None = None
    drafter: str | None = None
    reviewer: str | None = None
    signatory: str | None = None
    byline: str | None = None
    released: dict[str, Any] | None = None
    released_at: datetime | None = None
    hits: list[dict[str, Any]] = field(default_factory=list)
    settled: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    published: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    id: str = ""
    guessed: set[str] = field(default_factory=set)

    @property
    def in_review(self) -> str | None:
        """The drafter, as far as anybody is barred for it: 「In DRAFT and RETURNED there is neither」."""
        return None if self.state in ("DRAFT", "RETURNED") else self.drafter

    def confident(self) -> list[dict[str, Any]]:
        return [hit for hit in self.hits if hit["shelf"] == "confident"]

    def settlers(self, hit: dict[str, Any]) -> set[str]:
        return set(self.settled.get((hit["rule"], hit["text"]), {}))

    def may_be_sent(self) -> bool:
        return all(self.settlers(hit) for hit in self.confident() if hit["category"] in GRAVE)

    def may_be_signed(self) -> bool:
        return all(
            self.settlers(hit) - ({self.drafter} if hit["category"] in GRAVE else set()) for hit in self.confident()
        )


def sees(town: Town, draft: Draft, position: Position) -> bool:
    if position.post in HOUSE and position.unit == draft.unit:
        return True
    return position.post in INSPECTORS and draft.released is not None


def pictures(images: list[dict[str, Any]]) -> list[str]:
    return [hashlib.sha256(b64decode(image["base64"])).hexdigest() for image in images]


def byline(draft: Draft, town: Town) -> str:
    who = {name: town.names[str(getattr(draft, name))] for name in ("drafter", "reviewer", "signatory")}
    if draft.origin == "repost":
        return f"信息来源：{draft.source}　编校人：{who['drafter']}　审核人：{who['reviewer']}"
    return f"拟稿人：{who['drafter']}　审核人：{who['reviewer']}　审签人：{who['signatory']}"


def release(draft: Draft, town: Town, at: datetime) -> None:
    """「The digests are over UTF-8 of title, LF, text, LF, byline, then LF and the SHA-256 in hex of each image」."""
    draft.byline, draft.released_at = byline(draft, town), at
    parts = [draft.title or "", draft.text or "", draft.byline, *pictures(draft.images)]
    whole = "\n".join(parts).encode()
    draft.released = {
        "at": at.replace(microsecond=0).isoformat(),
        "version": draft.version,
        "sha256": hashlib.sha256(whole).hexdigest(),
    }
    if "sm3" in hashlib.algorithms_available:
        draft.released["sm3"] = hashlib.new("sm3", whole).hexdigest()


def view(draft: Draft) -> dict[str, Any]:
    plain = ("unit", "origin", "source", "source_reason", "title", "text", "form", "policy", "state", "version")
    people = ("drafter", "reviewer", "signatory", "byline", "released")
    return {
        **{name: getattr(draft, name) for name in (*plain, *people)},
        "accounts": draft.accounts,
        "images": [{"name": i["name"], "sha256": d} for i, d in zip(draft.images, pictures(draft.images), strict=True)],
        "corrects": draft.corrects,
        "published": [
            {"account": code, **{n: v for n, v in entry.items() if n in ("at", "url", "skipped")}}
            for code, entry in sorted(draft.published.items())
        ],
        "hits": [{"rule": hit["rule"], "text": hit["text"], "settled": settlings(draft, hit)} for hit in draft.hits],
        "steps": [
            {"by": s["by"], "post": s["post"], "unit": s["unit"], "at": s["at"].replace(microsecond=0).isoformat()}
            for s in draft.steps
        ],
    }


def settlings(draft: Draft, hit: dict[str, Any]) -> list[dict[str, str]]:
    found = draft.settled.get((hit["rule"], hit["text"]), {})
    return [{"why": why, "by": by} for by, why in found.items()]
