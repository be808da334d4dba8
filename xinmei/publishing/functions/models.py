"""The functions that an account says it offers, and their announced outages."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xinmei.core.calendar import SHANGHAI
from xinmei.core.functions import Outcome, function_kinds
from xinmei.core.needs import Excess, excess_of


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
    # Empty where the platform's menu does something that has no address.
    url = models.TextField("链接", blank=True)
    # Read from the platform's menu, and follows it.
    from_menu = models.BooleanField("平台菜单", default=False)
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
    # From how many places the last failing look was made.
    places = models.PositiveSmallIntegerField("从几处看", default=1)
    asks_for = models.JSONField("要填的个人信息", default=list, blank=True)
    version = models.CharField("版本", max_length=30, blank=True)
    updated_on = models.DateField("应用更新日期", null=True, blank=True)
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

    @property
    def excess(self) -> Excess | None:
        """What it asks for and such a service does not need: for a person to judge."""
        if not self.asks_for or self.looked_at is None:
            return None
        return excess_of(self.name, self.asks_for, self.looked_at.astimezone(SHANGHAI).date())


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
