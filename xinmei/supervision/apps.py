from django.apps import AppConfig


class Config(AppConfig):
    """检查与问题"""

    name = "xinmei.supervision"
    verbose_name = "检查与问题"
