"""What Celery starts on each host: `celery -A xinmei.cluster worker -Q xinmei.long` (see `xinmei.jobs.cluster`)."""

from __future__ import annotations

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
if not apps.ready:
    django.setup()

from xinmei.jobs.cluster import app

__all__ = ["app"]
