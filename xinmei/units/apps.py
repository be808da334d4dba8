from django.apps import AppConfig


class Config(AppConfig):
    """单位"""

    name = "xinmei.units"
    verbose_name = "单位"
