"""People and their positions; own acts and own log-in; the personal menu."""

from __future__ import annotations

from xinmei.pages.navigation import PERSONAL, Entry

ENTRIES = (
    Entry("人员与岗位", "users", "/staff/", 170, thing="people"),
    Entry("人员与岗位", "users", "/staff/", 20, thing="people", place=PERSONAL),
    Entry("操作留痕", "list-search", "/events/", 180, thing="events"),
    Entry("我的登录", "user", "/account/", 10, place=PERSONAL),
    Entry("操作留痕", "list-search", "/events/", 30, place=PERSONAL),
)
PARTS = {"person": "people/menu.html", "session": "people/session.html", "above_list": "people/saved_views.html"}
