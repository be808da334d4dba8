from django.apps import AppConfig


class Config(AppConfig):
    """互动回应"""

    name = "xinmei.interaction"
    verbose_name = "互动回应"
