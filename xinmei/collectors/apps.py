from django.apps import AppConfig


class Config(AppConfig):
    """数据采集"""

    name = "xinmei.collectors"
    verbose_name = "数据采集"
