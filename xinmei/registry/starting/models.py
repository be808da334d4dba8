"""What units have confirmed of their entries in the register."""

from __future__ import annotations

from django.db import models


class Confirmation(models.Model):
    """确认: the unit says that the entry of its account is right. It holds as long as the entry stays as it was."""

    account = models.OneToOneField("registry.Account", models.CASCADE, related_name="confirmation", verbose_name="账号")
    digest = models.CharField("登记内容的摘要", max_length=64)
    by = models.CharField("确认人", max_length=150)
    at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "登记的确认"
        ordering = ["account"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.at:%Y-%m-%d}"
