from django.apps import AppConfig


class Config(AppConfig):
    """人员与权限"""

    name = "xinmei.people"
    verbose_name = "人员与权限"
