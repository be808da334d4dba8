from __future__ import annotations

from django.apps import AppConfig


class Config(AppConfig):
    """程序接口"""

    name = "xinmei.api"
    verbose_name = "程序接口"
