"""What the drafts of one column of an account begin with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.registry.models import Account


class ColumnTemplate(models.Model):
    """栏目模板: kept by the unit for one of its accounts. Drafts that began with it do not change with it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="column_templates", verbose_name="账号")
    column = models.CharField("栏目", max_length=50)
    title = models.CharField("标题的写法", max_length=200, blank=True)
    opening = models.TextField("开头", blank=True)
    fixed = models.TextField("固定的段落", blank=True)
    signed = models.CharField("落款", max_length=200, blank=True)
    cover = models.CharField("封面提示", max_length=200, blank=True)
    by = models.CharField("保存人", max_length=150)
    at = models.DateTimeField("保存时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "栏目模板"
        ordering = ["account", "column", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "column"], condition=Q(ended_at__isnull=True), name="one_template_a_column"
            )
        ]

    def __str__(self) -> str:
        return self.column
