"""What the frame of every page needs: the day, the person, and the rooms that the post may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from xinmei.core.calendar import SHANGHAI, WEEKDAYS, load_calendar
from xinmei.notices.queries import count_unread
from xinmei.people.doors import may, sees
from xinmei.people.events import PUBLIC, Acting
from xinmei.people.models import Position


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation, for posts that see `thing` or may do `verb`; `under`: further addresses that belong to it."""

    title: str
    icon: str
    address: str
    thing: str = ""
    verb: str = ""
    under: tuple[str, ...] = ()

    def is_open_to(self, acting: Acting) -> bool:
        """Whether the post that acts finds anything behind it."""
        return (not self.thing or sees(acting, self.thing)) and (not self.verb or may(acting, self.verb))

    def is_here(self, path: str) -> bool:
        """Whether the page at `path` belongs to this entry."""
        return path == self.address if self.address == "/" else path.startswith((self.address, *self.under))


NAVIGATION = (
    Entry("工作台", "layout-dashboard", "/"),
    Entry(
        "检查",
        "clipboard-check",
        "/inspection/",
        "coverage",
        under=("/blindness/", "/rescreening/", "/drills/", "/links/", "/pictures/"),
    ),
    Entry("问题", "alert-triangle", "/findings/", "findings_sent"),
    Entry("督办", "gavel", "/orders/", "findings_sent", under=("/reminders/",)),
    Entry("账号", "device-mobile", "/accounts/", under=("/units/",)),
    Entry("互动", "message-circle", "/messages/", "messages"),
    Entry("发布", "news", "/posts/", "posts"),
    Entry("考核", "scale", "/assessment/", "provisional_sheets"),
    Entry("通报", "speakerphone", "/bulletins/", "issued_papers"),
    Entry("检查稿件", "file-text", "/draft-check/", "posts"),
    Entry("自定词条", "book", "/entries/", verb="draft_rules"),
    Entry("导入", "upload", "/import/", verb="import_facts"),
    Entry("解释口径", "settings", "/readings/", "provisional_sheets"),
    Entry("后台任务", "list-details", "/jobs/", verb="run_jobs"),
    Entry("备份", "history", "/backups/", verb="back_up"),
    Entry("设置", "settings", "/settings/", verb="change_settings"),
    Entry("人员与岗位", "users", "/staff/", "people"),
    Entry("操作留痕", "list-search", "/events/", "events"),
)


def describe_today() -> str:
    """The day as the calendar knows it: 「11月23日 星期一 · 工作日」."""
    today = timezone.now().astimezone(SHANGHAI).date()
    return f"{today.month}月{today.day}日 星期{WEEKDAYS[today.weekday()]} · {load_calendar().label(today)}"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base layout."""
    acting: Acting = getattr(request, "acting", PUBLIC)
    return {
        "acting": acting,
        "post_label": Position(acting.position).label if acting.position else "现无岗位",
        "navigation": [(entry, entry.is_here(request.path)) for entry in NAVIGATION if entry.is_open_to(acting)],
        "unread_notices": count_unread(acting, timezone.now()),
        "today": describe_today(),
        "now": timezone.now(),
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
