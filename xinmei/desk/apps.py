from django.apps import AppConfig


class Config(AppConfig):
    """工作台"""

    name = "xinmei.desk"
    verbose_name = "工作台"
