"""Custody of an account. There is no column for a password, and none is taken."""

from __future__ import annotations

from django.db import models

from xinmei.people.models import Person
from xinmei.units.models import Unit


class Custody(models.Model):
    """掌管: as recorded for the unit that hosts the account. A change of host ends it: it is of `unit`."""

    account = models.OneToOneField("registry.Account", models.CASCADE, related_name="custody", verbose_name="账号")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="主办单位")
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="掌管人")
    admins = models.JSONField("平台管理员", default=list)
    terminals = models.JSONField("登录设备", default=list)
    bound_phone = models.CharField("绑定手机", max_length=200, blank=True)
    certified_until = models.DateField("认证到期日", null=True, blank=True)
    supplier = models.CharField("服务商", max_length=500, blank=True)
    # The hand-over that is offered; nobody: none is.
    offered_to = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="交给")
    checklist = models.JSONField("交接清单", default=list)
    offered_by = models.CharField("提出人", max_length=150, blank=True)
    offered_at = models.DateTimeField("提出时间", null=True, blank=True)
    # What was missing when the last hand-over was accepted.
    missing = models.JSONField("缺少", default=list)
    proved_at = models.DateTimeField("核实时间", null=True, blank=True)
    acted_at = models.DateTimeField("最后办理时间")

    class Meta:
        verbose_name = verbose_name_plural = "掌管"

    def __str__(self) -> str:
        return f"{self.account_id} {self.holder_id}"
