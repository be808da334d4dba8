from django.apps import AppConfig


class Config(AppConfig):
    """页面"""

    name = "xinmei.pages"
    verbose_name = "页面"
