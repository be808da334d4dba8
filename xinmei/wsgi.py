"""The web application for a WSGI server: the pages, and the static files of `STATIC_ROOT` beside them."""

from __future__ import annotations

import os
from urllib.parse import urlsplit
from wsgiref.headers import Headers

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
pages = get_wsgi_application()

from csp.utils import build_policy  # noqa: E402
from django.conf import settings  # noqa: E402
from whitenoise import WhiteNoise  # noqa: E402

from xinmei.people.middleware import PERMISSIONS  # noqa: E402

YEAR = 365 * 24 * 3600
# A file runs no script of its own and is shown in no frame: the policy of the pages, without the number of a page.
_POLICY = build_policy(replace={"script-src": ["'self'"], "style-src": ["'self'"]})


def add_security_headers(headers: Headers, path: str, url: str) -> None:
    """The headers that pages have, on static files too."""
    headers["Content-Security-Policy"] = _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    headers["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
    headers["Cross-Origin-Opener-Policy"] = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
    headers["Permissions-Policy"] = PERMISSIONS
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"


settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = WhiteNoise(
    pages,
    root=str(settings.STATIC_ROOT),
    prefix=urlsplit(settings.STATIC_URL).path,
    max_age=YEAR,
    allow_all_origins=False,
    add_headers_function=add_security_headers,
)
