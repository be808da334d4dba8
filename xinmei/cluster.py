"""What Celery starts on each host: `celery -A xinmei.cluster worker -Q xinmei.long` (see `xinmei.jobs.cluster`)."""

from __future__ import annotations

import gc
import os

import django
from celery.signals import worker_init
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
if not apps.ready:
    django.setup()

from xinmei.core.calendar import load_calendar
from xinmei.core.rulebook import criteria, feeds, readings
from xinmei.jobs.cluster import app
from xinmei.packs.in_use import shipped

__all__ = ["app"]


@worker_init.connect
def _read_first(**_: object) -> None:
    """Rules, packs and the model are read once a host, before its processes are forked: they share them, and none reads
    them anew in its first job (docs/decisions/0522).
    """
    for read in (load_calendar, readings, feeds, criteria, shipped):
        read()
    gc.collect()
    gc.freeze()
