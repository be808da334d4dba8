"""A report of the public."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.units.models import Unit


class Report(models.Model):
    """纠错: about an account, or about something that is in no register. The code of the receipt is kept hashed."""

    class State(models.TextChoices):
        OPEN = "OPEN", "待答复"
        ANSWERED = "ANSWERED", "已答复"

    account = models.ForeignKey(
        "registry.Account", models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="账号"
    )
    # Whom it is about: the host at that time. Nobody: the city's inspectors alone see and answer it.
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="所涉单位"
    )
    about = models.CharField("关于", max_length=500, blank=True)
    text = models.TextField("内容")
    contact = models.CharField("联系方式", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    code = models.CharField("查询码的摘要", max_length=64)
    # Where it came from, hashed with a key: only so many a day are taken.
    source = models.CharField("来处的摘要", max_length=64, blank=True)
    made_at = models.DateTimeField("收到时间")
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField("答复人", max_length=150, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "纠错"
        ordering = ["-id"]
        indexes = [models.Index(fields=["source", "made_at"], name="report_source")]
        constraints = [
            models.CheckConstraint(condition=Q(account__isnull=False) | ~Q(about=""), name="report_is_about_something"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
