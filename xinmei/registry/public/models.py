"""How often the public asks with pictures."""

from __future__ import annotations

from django.db import models


class PictureAsked(models.Model):
    """One picture that was handed in: where it came from, hashed with a key, and when. Gone after an hour."""

    source = models.CharField("来处的摘要", max_length=64)
    asked_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "公众拍码核验"
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "asked_at"], name="picture_source")]

    def __str__(self) -> str:
        return f"{self.pk}"
