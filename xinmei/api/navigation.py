"""The page for those who write programs, and the addresses that are told of acts."""

from __future__ import annotations

from xinmei.pages.navigation import PUBLIC, Entry

ENTRIES = (
    Entry("推送", "send", "/webhooks/", 125, verb="hold_webhook"),
    Entry("程序接口", "world", "/api/", 900, place=PUBLIC, about="别的系统怎样来办事"),
)
