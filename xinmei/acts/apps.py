from __future__ import annotations

from django.apps import AppConfig


class Config(AppConfig):
    """办理: acts declared once, performed the same on the page, the command line and the API."""

    name = "xinmei.acts"
    verbose_name = "办理"
