"""A source that may be reposted, beside the list in `rules/sources/`."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ApprovedSource(models.Model):
    """稿源单位: approved from `starts_on` to the end of `ends_on`."""

    class Level(models.TextChoices):
        STATE = "state", "国家"
        PROVINCE = "province", "省"
        CITY = "city", "市"

    name = models.CharField("名称", max_length=200)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    allowed_by = models.CharField("谁确定的", max_length=500)
    starts_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)
    added_by = models.CharField("登记人", max_length=150)
    added_at = models.DateTimeField("登记时间")
    ended_by = models.CharField("停用人", max_length=150, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "稿源单位"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="source_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name
