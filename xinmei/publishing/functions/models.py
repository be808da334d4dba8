"""The functions that an account says it offers, and their announced outages."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xinmei.core.functions import Outcome, function_kinds


class Function(models.Model):
    """功能: offered from `starts_on` to the end of `ends_on`, with what the last look at its address came to.

    A failing look is looked at again before anything is said: `failed_at` is the first of the failing looks in a row.
    `recorded_at` is when a check of it was last written, from which the weekly inspection judges.
    """

    class State(models.TextChoices):
        WORKS = Outcome.WORKS.value, "能用"
        FAILS = Outcome.FAILS.value, "打不开"
        UNSEEN = Outcome.UNSEEN.value, "看不清"

    account = models.ForeignKey("registry.Account", models.CASCADE, related_name="functions", verbose_name="账号")
    name = models.CharField("名称", max_length=500)
    kind = models.CharField("种类", max_length=20, choices=function_kinds)
    url = models.TextField("链接")
    starts_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)
    added_by = models.CharField("登记人", max_length=150)
    added_at = models.DateTimeField("登记时间")
    ended_by = models.CharField("停用人", max_length=150, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    outcome = models.CharField("最近一次查看", max_length=10, choices=State.choices, blank=True)
    reason = models.TextField("原因", blank=True)
    looked_at = models.DateTimeField("查看时间", null=True, blank=True)
    failed_at = models.DateTimeField("首次打不开", null=True, blank=True)
    recorded_at = models.DateTimeField("记录时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "功能"
        ordering = ["account", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="function_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["account", "name"], condition=Q(ends_on__isnull=True), name="one_function_of_a_name"
            ),
        ]
        indexes = [models.Index(fields=["looked_at"], condition=Q(ends_on__isnull=True), name="functions_to_look_at")]

    def __str__(self) -> str:
        return self.name


class Outage(models.Model):
    """公告停用: from `starts_on` to the end of `ends_on`, announced where `announced_at` says."""

    function = models.ForeignKey(Function, models.CASCADE, related_name="outages", verbose_name="功能")
    starts_on = models.DateField("自")
    ends_on = models.DateField("至")
    where = models.CharField("公告", max_length=500)
    by = models.CharField("登记人", max_length=150)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "公告停用"
        ordering = ["function", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="outage_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.starts_on}—{self.ends_on}"
