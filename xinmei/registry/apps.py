from django.apps import AppConfig


class Config(AppConfig):
    """单位与账号"""

    name = "xinmei.registry"
    verbose_name = "单位与账号"
