from django.apps import AppConfig


class Config(AppConfig):
    """系统：备份与设置"""

    name = "xinmei.upkeep"
    verbose_name = "系统：备份与设置"
