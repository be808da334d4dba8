"""An archive made: the file kept, its digest in the event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.files.keeping import keep
from xinmei.people.events import Acting, record
from xinmei.publishing.archives.writing import write_archive
from xinmei.publishing.models import Post
from xinmei.registry.models import Archive


def make_archive(given: Mapping[str, Any], by: Acting, at: datetime) -> Archive:
    """What the account published up to now as one file. The digest goes into the event, and with it into the chain."""
    account = given["account"]
    posts = list(Post.objects.filter(account=account, published_at__lte=at).order_by("published_at", "code"))
    file = keep(write_archive(account, posts, at), at)
    made = Archive.objects.create(account=account, file=file, posts=len(posts), made_by=by.login, made_at=at)
    content = {"account": account.code, "posts": made.posts, "sha256": file.sha256}
    record("archive.make", by=by, at=at, kind="archive", number=made.pk, content=content)
    return made
