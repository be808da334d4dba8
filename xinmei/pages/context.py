"""What the frame of every page needs, whoever reads it: the day, and what the rooms put there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from xinmei.core.calendar import SHANGHAI, WEEKDAYS, load_calendar
from xinmei.pages.navigation import parts


def describe_today() -> str:
    """The day as the calendar knows it: 「11月23日 星期一 · 工作日」."""
    today = timezone.now().astimezone(SHANGHAI).date()
    return f"{today.month}月{today.day}日 星期{WEEKDAYS[today.weekday()]} · {load_calendar().label(today)}"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base layout; who acts is added by `xinmei.people.context`."""
    return {
        "parts": parts(),
        "today": describe_today(),
        "now": timezone.now(),
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
