"""The readings; what the public may ask."""

from __future__ import annotations

from xinmei.pages.navigation import PUBLIC, Entry

ENTRIES = (
    Entry("两本账", "table", "/reconciling/", 57, verb="reconcile", under=("/differences/", "/starting/")),
    Entry("备案", "address-book", "/filings/", 55, thing="register_contact"),
    Entry("解释口径", "settings", "/readings/", 130, thing="provisional_sheets"),
    Entry("公众核验", "shield-check", "/verify/", 10, place=PUBLIC, about="这个账号是真的吗？"),
    Entry("名录", "list-details", "/verify/list/", 15, place=PUBLIC, about="全部账号，按地区、平台"),
    Entry("公告", "news", "/announcements/", 20, place=PUBLIC, about="变更、关停、注销的公告"),
)
