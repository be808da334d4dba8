"""A file as the answer to a request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from xinmei.files.stores import FileFault
from xinmei.pages.failing import failed

log = logging.getLogger("django.request")


def answer_with(
    request: HttpRequest,
    read: Callable[[], bytes],
    *,
    content_type: str = "application/octet-stream",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """What `read` gives, or a page that says why a file cannot be had."""
    try:
        return HttpResponse(read(), content_type=content_type, headers=headers)
    except FileFault as fault:
        log.exception("a file cannot be read")
        return failed(
            request, 500, why=f"{fault}", todo="这份文件现在读不出来。请告诉系统管理员：核对文件，从备份里恢复。"
        )
