"""The file of an archive: the posts as a page that any browser shows, and as lines for programs."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day, show_moment
from xinmei.publishing.models import Post
from xinmei.registry.models import Account

# The earliest moment that a ZIP can write: the digest hangs on the contents alone.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_archive(account: Account, posts: Sequence[Post], at: datetime) -> bytes:
    """A ZIP with `posts.html` and `posts.jsonl`. Numbers of citizens are masked, as on every page."""
    lines = [_show_account(account, len(posts), at), *(_show_post(one) for one in posts)]
    shown = [(one.published_at, mask(one.title), mask(one.text), one.url) for one in posts]
    page = render_to_string("publishing/archive.html", {"account": account, "posts": shown, "at": at})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in (
            ("posts.html", page),
            ("posts.jsonl", "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)),
        ):
            made.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _show_account(account: Account, posts: int, at: datetime) -> dict[str, object]:
    return {
        "account": account.code,
        "unit": account.unit.code,
        "unit_name": account.unit.name,
        "platform": account.platform,
        "name": account.name,
        "handle": account.handle or None,
        "url": account.url or None,
        "opened_on": show_day(account.opened_on),
        "posts": posts,
        "at": show_moment(at),
    }


def _show_post(post: Post) -> dict[str, object]:
    return {
        "id": post.code,
        "published_at": show_moment(post.published_at),
        "deleted_at": show_moment(post.deleted_at),
        "title": mask(post.title),
        "text": mask(post.text),
        "url": post.url or None,
        "origin": post.origin or None,
        "source": mask(post.source) or None,
        "byline": post.byline,
        "form": post.form or None,
    }
