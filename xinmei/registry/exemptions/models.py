"""An exemption: one unit, one platform, until a day."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from xinmei.core.calendar import SHANGHAI
from xinmei.units.models import Unit


class Exemption(models.Model):
    """例外: on this platform the unit may have more than one account of a kind (`kind` "": of every kind)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exemptions", verbose_name="单位")
    platform = models.CharField("平台", max_length=20)
    kind = models.CharField("类型", max_length=100, blank=True)
    reason = models.TextField("理由")
    until = models.DateField("到哪天")
    granted_by = models.CharField("批准人", max_length=150)
    granted_at = models.DateTimeField("批准时间")
    ended_by = models.CharField("终止人", max_length=150, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    ended_why = models.TextField("终止理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "例外"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at")), name="exemption_ends_after_grant"
            ),
        ]

    def allows(self, platform: str, kind: str, at: datetime) -> bool:
        """Whether it stands at that moment for accounts of this kind on this platform."""
        lasts = self.ended_at is None or self.ended_at > at
        stands = lasts and self.granted_at <= at and at.astimezone(SHANGHAI).date() <= self.until
        return stands and self.platform == platform and self.kind in ("", kind)

    def __str__(self) -> str:
        return f"{self.unit} {self.platform}"
