from django.apps import AppConfig


class Config(AppConfig):
    """机器筛查"""

    name = "xinmei.packs"
    verbose_name = "机器筛查"
