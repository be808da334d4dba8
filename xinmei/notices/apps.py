from django.apps import AppConfig


class Config(AppConfig):
    """提醒与督办"""

    name = "xinmei.notices"
    verbose_name = "提醒与督办"
