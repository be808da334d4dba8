"""信息: what accounts published, with its pictures."""

from __future__ import annotations

from typing import Any

from xinmei.collectors.bundle.columns import CODE, Column, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Flag, Text, Time, Whole
from xinmei.collectors.bundle.parts import Parts, Strings
from xinmei.collectors.bundle.table import Contradiction, Referred, Table
from xinmei.publishing.models import Post
from xinmei.publishing.policies.reckoning import reckon_posts


def _find_contradiction(row: list[Any]) -> Contradiction:
    published_at, deleted_at = row[TABLE.places["published_at"]], row[TABLE.places["deleted_at"]]
    if deleted_at is not None and deleted_at < published_at:
        show = Time().to_text
        return "deleted_at", f"删除时间 {show(deleted_at)} 早于发布时间 {show(published_at)}"
    return None


TABLE = Table(
    "posts",
    "信息",
    ".jsonl",
    Post,
    ("id",),
    (
        must("id", "", CODE, field="code"),
        must("account", "账号编号", CODE, refers="accounts"),
        must("published_at", "", Time()),
        Column("title", "", Text(), needed=True),
        Column("text", "", Text(), needed=True),
        may("url", "", Text()),
        may("origin", "", Choice(labels_of(Post.Origin))),
        may("source", "信息来源", Text()),
        may("byline", "", Parts(("drafter", "reviewer", "signatory", "proofreader"), keep_empty=False)),
        may("links", "", Strings()),
        may("images", "", Strings()),
        may("comments_enabled", "", Flag()),
        may("reads", "", Whole()),
        may("deleted_at", "", Time()),
        may("policy", "", Text()),
        may("form", "", Choice(Post.FORM_LABELS)),
    ),
    order=30,
    referred=Referred.BY_CODE,
    contradiction=_find_contradiction,
    pictures="images",
    revised=True,
    settle=reckon_posts,
    example={
        "id": "P000001",
        "account": "A00001",
        "published_at": "2026-01-05T09:00:00",
        "byline": '{"drafter":"王静","reviewer":"孙立"}',
    },
)
