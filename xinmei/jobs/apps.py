from django.apps import AppConfig

from xinmei.pages.rooms import bring


class Config(AppConfig):
    """后台任务"""

    name = "xinmei.jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Every room's `jobs.py` registers its handlers and rules."""
        bring("jobs")
