"""What has befallen an account."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xinmei.files.models import StoredFile


class Incident(models.Model):
    """账号异常: stolen, locked out, frozen, or closed by the platform; until it is recovered. No clock stands still."""

    class Kind(models.TextChoices):
        STOLEN = "stolen", "被盗用"
        LOCKED_OUT = "locked_out", "登录不上"
        FROZEN = "frozen", "被平台冻结"
        CLOSED_BY_PLATFORM = "closed_by_platform", "被平台关闭"

    account = models.ForeignKey("registry.Account", models.PROTECT, related_name="incidents", verbose_name="账号")
    kind = models.CharField("情形", max_length=20, choices=Kind.choices)
    on = models.DateField("发生日期")
    note = models.TextField("情况")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="附件")
    file_name = models.CharField("附件名称", max_length=200, blank=True)
    by = models.CharField("报告人", max_length=150)
    at = models.DateTimeField("报告时间")
    recovered_on = models.DateField("恢复日期", null=True, blank=True)
    recovered_note = models.TextField("恢复情况", blank=True)
    recovered_by = models.CharField("登记恢复的人", max_length=150, blank=True)
    recovered_at = models.DateTimeField("登记恢复的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "账号异常"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recovered_on__isnull=True) | Q(recovered_on__gte=F("on")),
                name="incident_recovered_after_it_happened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind} {self.on}"
