from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Config(AppConfig):
    """后台任务"""

    name = "xinmei.jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Every room's `jobs.py` registers its handlers and rules."""
        autodiscover_modules("jobs")
