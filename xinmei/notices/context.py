"""What the bell of every page counts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from xinmei.notices.queries import count_unread
from xinmei.people.events import PUBLIC


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base layout."""
    return {"unread_notices": count_unread(getattr(request, "acting", PUBLIC), timezone.now())}
