"""The web application for a WSGI server: the pages, and the static files of `STATIC_ROOT` beside them."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
pages = get_wsgi_application()

from django.conf import settings  # noqa: E402
from whitenoise import WhiteNoise  # noqa: E402

YEAR = 365 * 24 * 3600

settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
application = WhiteNoise(
    pages,
    root=str(settings.STATIC_ROOT),
    prefix=urlsplit(settings.STATIC_URL).path,
    max_age=YEAR,
    allow_all_origins=False,
)
