from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    """检查与问题"""

    name = "xinmei.supervision"
    verbose_name = "检查与问题"

    def ready(self) -> None:
        """Rooms above say in `on_findings.py` what follows a step."""
        autodiscover_modules("on_findings")
