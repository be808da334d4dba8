from django.apps import AppConfig


class Config(AppConfig):
    """通报"""

    name = "xinmei.reports"
    verbose_name = "通报"
