from django.apps import AppConfig


class Config(AppConfig):
    """文件"""

    name = "xinmei.files"
    verbose_name = "文件"
