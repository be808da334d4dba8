from django.apps import AppConfig


class Config(AppConfig):
    """督办与提醒"""

    name = "xinmei.urging"
    verbose_name = "督办与提醒"
