"""Which files there are. Their bytes lie in the store (XINMEI_FILES), never here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """A file by its digest. Whoever has it points here with PROTECT; its name and type stand there."""

    sha256 = models.CharField("摘要", max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField("字节数")
    kept_at = models.DateTimeField("存入时间")
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    # What the last check found: "" where the file was as it should be.
    fault = models.CharField("核对结果", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        indexes = [models.Index(fields=["sha256"], name="file_with_a_fault", condition=~Q(fault=""))]

    def __str__(self) -> str:
        return self.sha256[:12]
