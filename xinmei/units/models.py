"""§二 the tree of units."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Unit(models.Model):
    """单位: a node of the tree of offices.

    `path` holds the numbers of all units from the root down, so that a subtree is one range.
    """

    class Kind(models.TextChoices):
        CITY = "city", "市"
        COUNTY = "county", "县区"
        ZONE = "zone", "功能区"
        DEPARTMENT = "department", "部门"
        TOWN = "town", "街道/乡镇"
        INSTITUTION = "institution", "事业单位"
        INTERNAL_OFFICE = "internal_office", "内设机构"

    class Cohort(models.TextChoices):
        COUNTIES = "counties", "县区/功能区"
        DEPARTMENTS = "departments", "部门"

    code = models.CharField("单位代码", max_length=200, unique=True)
    name = models.CharField("单位名称", max_length=500)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    cohort = models.CharField("同类单位", max_length=20, choices=Cohort.choices, blank=True)
    vertical_system = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supervised", verbose_name="垂直管理系统"
    )
    duties = models.JSONField("职责关键词", default=list, blank=True)
    short_names = models.JSONField("简称", default=list, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=100, blank=True)
    # From this day the unit publishes by drafts with three signatures; None: not yet.
    reviews_from = models.DateField("网上审核起始日", null=True, blank=True)
    # 机构合并: the unit that took this one over, since when, and when that was written down.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_over", verbose_name="并入"
    )
    merged_on = models.DateField("并入日期", null=True, blank=True)
    merged_at = models.DateTimeField("登记并入的时间", null=True, blank=True)
    # 机构撤销: since when, and when that was written down.
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    # The last act on the unit itself (what is imported is none).
    acted_at = models.DateTimeField("最后办理时间", null=True, blank=True)
    # "/<number>/<number>/": fixed width, so that text order is tree order and a subtree is path >= own and path < own +
    # "~"
    path = models.CharField(max_length=2000, blank=True, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["path", "code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page, which bears the name of the kind: the room that draws it stands higher."""
        return reverse(str(Unit._meta.model_name), args=[self.code])


class FormerUnit(models.Model):
    """单位沿革: what a unit was until a day (not included), and what changed it then."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former", verbose_name="单位")
    until = models.DateField("到哪天（不含）")
    name = models.CharField("单位名称", max_length=500)
    kind = models.CharField("类型", max_length=20, choices=Unit.Kind.choices)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="上级单位")
    vertical_system = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="垂直管理系统")
    why = models.CharField("因何变更", max_length=50)

    class Meta:
        verbose_name = verbose_name_plural = "单位沿革"
        ordering = ["unit", "until"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "until"], name="one_former_unit_a_day"),
            models.CheckConstraint(condition=~models.Q(name=""), name="former_unit_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.until}"
