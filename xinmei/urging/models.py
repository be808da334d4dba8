"""督办 and 提醒: what urges a unit, and what it was reminded of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.interaction.models import Message
from xinmei.registry.models import Account
from xinmei.supervision.models import Finding
from xinmei.units.models import Unit


class WorkOrder(models.Model):
    """督办 of one matter that is past its term: a finding that was not rectified, or a message that nobody answered.

    One matter, one order.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "待办"
        ANSWERED = "ANSWERED", "已答复"
        CLOSED = "CLOSED", "已办结"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="work_orders", verbose_name="责任单位")
    finding = models.OneToOneField(
        Finding, models.PROTECT, null=True, blank=True, related_name="work_order", verbose_name="问题"
    )
    message = models.OneToOneField(
        Message, models.PROTECT, null=True, blank=True, related_name="work_order", verbose_name="留言"
    )
    what = models.CharField("事项", max_length=300)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.OPEN)
    # Empty: by the rule of the system itself.
    issued_by = models.CharField("发出人", max_length=150, blank=True)
    issued_at = models.DateTimeField("发出时间")
    due_at = models.DateTimeField("办理期限")
    leader_told_at = models.DateTimeField("提醒分管领导", null=True, blank=True)
    supervisor_told_at = models.DateTimeField("报主管", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField("答复人", max_length=150, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    # Why it was returned or closed.
    note = models.TextField("处理说明", blank=True)
    closed_by = models.CharField("办结人", max_length=150, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办"
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, message__isnull=True)
                | Q(finding__isnull=True, message__isnull=False),
                name="order_has_one_matter",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_at"], name="order_status_due")]

    def __str__(self) -> str:
        return self.what


class Reminder(models.Model):
    """提醒: the one message that a unit gets on a day, merged from so many things (减负表)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="reminders", verbose_name="单位")
    day = models.DateField("日期", db_index=True)
    at = models.DateTimeField("时间")
    merged = models.PositiveIntegerField("合并件数")

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-day", "unit"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="one_reminder_a_day")]

    def __str__(self) -> str:
        return f"{self.unit} {self.day}"


class Reminded(models.Model):
    """One thing, at one stage, that a reminder carried; for one key there is one reminder, ever."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="carried", verbose_name="提醒")
    key = models.CharField(max_length=300, unique=True)
    what = models.CharField("事项", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "提醒事项"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.what


class Nudge(models.Model):
    """提醒 by a person: an order, a finding or an account about to lapse. Of one thing once a day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="nudges", verbose_name="单位")
    order = models.ForeignKey(
        WorkOrder, models.CASCADE, null=True, blank=True, related_name="nudges", verbose_name="督办"
    )
    finding = models.ForeignKey(
        Finding, models.CASCADE, null=True, blank=True, related_name="nudges", verbose_name="问题"
    )
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="nudges", verbose_name="账号"
    )
    what = models.CharField("事项", max_length=300)
    note = models.CharField("附言", max_length=300, blank=True)
    by = models.CharField("提醒人", max_length=150)
    name = models.CharField("提醒人姓名", max_length=150)
    day = models.DateField("日期")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "人工提醒"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, finding__isnull=True, account__isnull=True)
                | Q(order__isnull=True, finding__isnull=False, account__isnull=True)
                | Q(order__isnull=True, finding__isnull=True, account__isnull=False),
                name="nudge_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["order", "day"], name="one_nudge_an_order_a_day"),
            models.UniqueConstraint(fields=["finding", "day"], name="one_nudge_a_finding_a_day"),
            models.UniqueConstraint(fields=["account", "day"], name="one_nudge_an_account_a_day"),
        ]

    def __str__(self) -> str:
        return self.what
