from django.apps import AppConfig


class Config(AppConfig):
    """年度考核"""

    name = "xinmei.assessment"
    verbose_name = "年度考核"
