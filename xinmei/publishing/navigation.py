"""Posts, and checking a draft."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (
    Entry("发布", "news", "/posts/", 70, thing="posts", under=("/sources/",)),
    Entry("稿件", "pencil", "/drafts/", 65, thing="drafts"),
    Entry("功能", "list-details", "/functions/", 75, thing="posts"),
    Entry("政策解读", "book", "/policies/", 72, thing="posts"),
    Entry("平台接口", "external-link", "/channels/", 105, verb="connect_channel"),
    Entry("检查稿件", "file-text", "/draft-check/", 100, thing="posts"),
)
