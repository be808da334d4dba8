"""How long a check, or a signature, may take at a unit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.units.models import Unit


class ReviewTerm(models.Model):
    """审核限时, in hours by the clock: news does not wait for working days. No row, or none: there is no term."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    hours = models.PositiveSmallIntegerField("几小时", null=True, blank=True)
    by = models.CharField("设定人", max_length=150)
    at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = verbose_name_plural = "审核限时"
        constraints = [models.CheckConstraint(condition=Q(hours=None) | Q(hours__gte=1), name="review_takes_an_hour")]

    def __str__(self) -> str:
        return f"{self.hours} 小时" if self.hours else "不限时"
