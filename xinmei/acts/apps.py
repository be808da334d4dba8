from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    """办理: acts declared once, performed the same on the page, the command line and the API."""

    name = "xinmei.acts"
    verbose_name = "办理"

    def ready(self) -> None:
        """Rooms above say in `on_acts.py` what follows an act."""
        autodiscover_modules("on_acts")
