"""What people decided about accounts that could be closed, what was found that needs an end, and what was kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xinmei.files.models import StoredFile
from xinmei.units.models import Unit


class Kept(models.Model):
    """保留: somebody decided that the account stays, until a day; then it is asked again."""

    account = models.ForeignKey("registry.Account", models.PROTECT, related_name="kept", verbose_name="账号")
    reason = models.TextField("理由")
    until = models.DateField("到哪天")
    by = models.CharField("决定人", max_length=150)
    at = models.DateTimeField("决定时间")

    class Meta:
        verbose_name = verbose_name_plural = "保留的账号"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.until}"


class Case(models.Model):
    """案件: an unregistered, sleeping or revived account; a unit is responsible until the day, and it has an outcome.

    An unregistered one is in no register: `about` says which it is.
    """

    class About(models.TextChoices):
        UNREGISTERED = "unregistered", "未登记"
        ZOMBIE = "zombie", "僵尸账号"
        REVIVED = "revived", "关停后又更新"

    class State(models.TextChoices):
        OPEN = "OPEN", "未结"
        CLOSED = "CLOSED", "已结"

    class Outcome(models.TextChoices):
        FILED = "filed", "已补办备案"
        SHUT = "shut", "已关停或注销"
        RESUMED = "resumed", "已恢复更新"
        NOT_OURS = "not_ours", "不是政务新媒体"
        MISTAKEN = "mistaken", "查无此事"

    kind = models.CharField("情形", max_length=20, choices=About.choices)
    account = models.ForeignKey(
        "registry.Account", models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="账号"
    )
    about = models.CharField("哪个账号", max_length=500, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cases", verbose_name="责任单位")
    due_on = models.DateField("到哪天")
    report = models.ForeignKey(
        "registry.Report", models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="纠错"
    )
    note = models.TextField("怎样发现的")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    opened_by = models.CharField("立案人", max_length=150)
    opened_at = models.DateTimeField("立案时间")
    outcome = models.CharField("结果", max_length=20, choices=Outcome.choices, blank=True)
    closed_note = models.TextField("结案说明", blank=True)
    closed_by = models.CharField("结案人", max_length=150, blank=True)
    closed_at = models.DateTimeField("结案时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "案件"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "due_on"], name="case_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(account__isnull=False) | ~Q(about=""), name="case_is_about_something"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")), name="case_closed_after_opened"
            ),
            models.UniqueConstraint(
                fields=["kind", "account"], condition=Q(state="OPEN"), name="one_open_case_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.account or self.about}"


class Archive(models.Model):
    """存档: what an account had published, as one file; its digest stands in the event, and so in the chain."""

    account = models.ForeignKey("registry.Account", models.PROTECT, related_name="archives", verbose_name="账号")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    posts = models.PositiveIntegerField("信息条数")
    made_by = models.CharField("导出人", max_length=150)
    made_at = models.DateTimeField("导出时间")

    class Meta:
        verbose_name = verbose_name_plural = "存档"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.made_at:%Y-%m-%d}"
