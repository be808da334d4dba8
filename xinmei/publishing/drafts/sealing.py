"""What is signed: the byline made of the names, and the digests over exactly the released bytes.

「The digests are over UTF-8 of title, LF, text, LF, byline, then LF and the SHA-256 in hex of each image.」
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from xinmei.people.models import Person
from xinmei.publishing.models import Draft, DraftVersion, Post, Release

# A full-width space stands between the names.
BETWEEN = "　"


def name_people(logins: Sequence[str]) -> list[str]:
    """The names of these people; the log-in name of whoever is not known here. One query."""
    names = dict(Person.objects.filter(login__in=logins).values_list("login", "name"))
    return [names.get(login, login) for login in logins]


def write_byline(draft: Draft, version: DraftVersion) -> str:
    """「标注拟稿人、审核人、审签人」; of a repost 「注明信息来源，并标注编校人、审核人」."""
    drafter, reviewer, signatory = name_people([draft.drafter, draft.reviewer, draft.signatory])
    if version.origin == Post.Origin.REPOST:
        roles = {"信息来源": version.source, "编校人": drafter, "审核人": reviewer}
    else:
        roles = {"拟稿人": drafter, "审核人": reviewer, "审签人": signatory}
    return BETWEEN.join(f"{role}：{name}" for role, name in roles.items())


def bytes_of(title: str, text: str, byline: str, images: Sequence[str]) -> bytes:
    """Exactly what the digests are over; `images` are SHA-256 in hex."""
    return "\n".join([title, text, byline, *images]).encode()


def digest_of_layout(layout: Sequence[object]) -> str:
    """SHA-256 over the layout in one form; "" where it is plain paragraphs."""
    written = json.dumps(layout, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(written).hexdigest() if layout else ""


def seal(draft: Draft, at: datetime) -> Release:
    """Seals the current version. From now on the database refuses to change it."""
    version = draft.current
    assert version is not None
    byline = write_byline(draft, version)
    sealed = bytes_of(version.title, version.text, byline, [image.file_id for image in version.images.all()])
    return Release.objects.create(
        draft=draft,
        version=version,
        at=at,
        byline=byline,
        sha256=hashlib.sha256(sealed).hexdigest(),
        sm3=hashlib.new("sm3", sealed).hexdigest(),
        layout_sha256=digest_of_layout(version.layout),
    )


def is_intact(release: Release) -> bool:
    """Whether the released bytes still give the digests."""
    version = release.version
    images = [image.file_id for image in version.images.all()]
    sealed = bytes_of(version.title, version.text, release.byline, images)
    found = hashlib.sha256(sealed).hexdigest(), hashlib.new("sm3", sealed).hexdigest()
    stored = release.sha256, release.sm3, release.layout_sha256
    return (*found, digest_of_layout(version.layout)) == stored
