from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    """人员与权限"""

    name = "xinmei.people"
    verbose_name = "人员与权限"

    def ready(self) -> None:
        """Rooms above say in `on_positions.py` what follows a delegation or a hand-over."""
        autodiscover_modules("on_positions")
