"""A draft as programs read it."""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.publishing.drafts.doors import sees_all_of
from xinmei.publishing.drafts.hits import Settled, settled_of
from xinmei.publishing.models import Draft, DraftHit, DraftImage, DraftStep, Publication, Release

ShownHit = TypedDict(
    "ShownHit",
    {
        "id": str,
        "in": str,
        "start": int,
        "end": int,
        "text": str,
        "rule": str,
        "category": str,
        "severity": str,
        "shelf": str,
        "suggest": str | None,
        "settled": "list[ShownHitSettlement]",
    },
)


class ShownHitSettlement(TypedDict):
    """Why a hit may stay, and who says so."""

    why: str
    by: str


class ShownImage(TypedDict):
    """A picture by its digest."""

    name: str
    sha256: str


class ShownRelease(TypedDict):
    """What was released, by its digests."""

    at: str | None
    version: int
    sha256: str
    sm3: str


class ShownPublication(TypedDict):
    """Where it was published, or why not there."""

    account: str
    at: str | None
    post: str | None
    url: str | None
    skipped: str | None
    taken_down: str | None


class ShownDraftStep(TypedDict):
    """One act done to it."""

    verb: str
    by: str
    post: str | None
    unit: str | None
    at: str | None
    note: str | None


class ShownDraft(TypedDict):
    """What programs read of a draft."""

    id: str
    unit: str
    accounts: list[str]
    origin: str
    source: str | None
    source_reason: str | None
    title: str
    text: str | None
    images: list[ShownImage]
    form: str | None
    policy: str | None
    generated: str | None
    corrects: str | None
    state: str
    version: int
    drafter: str | None
    reviewer: str | None
    signatory: str | None
    hits: list[ShownHit]
    byline: str | None
    released: ShownRelease | None
    published: list[ShownPublication]
    waiting_since: str | None
    steps: list[ShownDraftStep]


def show_draft(draft: Draft, acting: Acting) -> ShownDraft:
    """A draft as programs read it. Its own unit works on the words; to inspectors personal data in them are masked."""
    now = draft.current
    assert now is not None
    release: Release | None = getattr(draft, "release", None)
    is_own = sees_all_of(acting)

    def words(text: str) -> str:
        return text if is_own else mask(text)

    settled = settled_of(draft)
    return {
        "id": str(draft.pk),
        "unit": draft.unit.code,
        "accounts": [one.account.code for one in draft.for_accounts.select_related("account")],
        "origin": now.origin,
        "source": now.source or None,
        "source_reason": words(draft.source_reason) or None,
        "title": words(now.title),
        "text": words(now.text) or None,
        "images": [_show_image(one) for one in now.images.all()],
        "form": draft.form or None,
        "policy": draft.policy or None,
        "generated": draft.generated or None,
        "corrects": str(draft.corrects_id) if draft.corrects_id else None,
        "state": draft.state,
        "version": draft.version,
        "drafter": draft.drafter or None,
        "reviewer": draft.reviewer or None,
        "signatory": draft.signatory or None,
        "hits": [_show_hit(one, settled, is_own) for one in now.hits.all()],
        "byline": release.byline if release else None,
        "released": _show_release(release) if release else None,
        "published": [_show_publication(one) for one in draft.publications.select_related("account")],
        "waiting_since": show_moment(draft.waiting_since),
        "steps": [_show_step(one, is_own) for one in draft.steps.all()],
    }


def _show_image(image: DraftImage) -> ShownImage:
    return {"name": image.name, "sha256": image.file_id}


def _show_hit(hit: DraftHit, settled: Settled, is_own: bool) -> ShownHit:
    said = settled.get((hit.rule, hit.text), [])
    return {
        "id": str(hit.pk),
        "in": hit.part,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text if is_own else mask(hit.text),
        "rule": hit.rule,
        "category": hit.category,
        "severity": hit.severity,
        "shelf": hit.shelf,
        "suggest": hit.suggest or None,
        "settled": [{"why": one.why if is_own else mask(one.why), "by": one.by} for one in said],
    }


def _show_release(release: Release) -> ShownRelease:
    return {
        "at": show_moment(release.at),
        "version": release.version.number,
        "sha256": release.sha256,
        "sm3": release.sm3,
    }


def _show_publication(entry: Publication) -> ShownPublication:
    return {
        "account": entry.account.code,
        "at": show_moment(entry.at),
        "post": entry.post or None,
        "url": entry.url or None,
        "skipped": entry.skipped or None,
        "taken_down": show_moment(entry.taken_down_at),
    }


def _show_step(step: DraftStep, is_own: bool) -> ShownDraftStep:
    note = step.note if is_own else mask(step.note)
    return {
        "verb": f"draft.{step.verb}",
        "by": step.by,
        "post": step.position or None,
        "unit": step.unit_code or None,
        "at": show_moment(step.at),
        "note": note or None,
    }
