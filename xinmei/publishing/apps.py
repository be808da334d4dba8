from django.apps import AppConfig


class Config(AppConfig):
    """信息发布"""

    name = "xinmei.publishing"
    verbose_name = "信息发布"
