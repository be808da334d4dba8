"""§十, 附件2: the year."""

from __future__ import annotations

from django.db import models

from xinmei.units.models import Unit


class Commendation(models.Model):
    """表彰表扬 of a unit for its work with 政务新媒体."""

    class By(models.TextChoices):
        OWN = "own", "本级"
        SUPERIOR = "superior", "上级"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="commendations", verbose_name="单位")
    awarded_on = models.DateField("表彰日期")
    by = models.CharField("表彰层级", max_length=10, choices=By.choices)
    title = models.CharField("名称", max_length=500)
    document = models.CharField("文号", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "表彰"
        ordering = ["unit", "awarded_on", "by", "title"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "awarded_on", "by", "title"], name="one_row_a_commendation")
        ]

    def __str__(self) -> str:
        return self.title


class StoredYear(models.Model):
    """年度核算: every unit's result of a year as it was reckoned last (assessment/stored.py).

    It is made anew from the facts whenever they move; nothing is lost with it.
    """

    year = models.PositiveIntegerField("年度", primary_key=True)
    # The last event that may have moved the year, and the rules; where they are others now, it is outdated.
    revision = models.CharField(max_length=64)
    reckoned_at = models.DateTimeField("核算时间")
    document = models.TextField("结果")

    class Meta:
        verbose_name = verbose_name_plural = "年度核算"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}"


class Standing(models.Model):
    """名次留存: the rank of a unit on one day of the running year.

    It is as provisional as the rank itself and only shows who moved.
    """

    year = models.PositiveIntegerField("年度")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="standings", verbose_name="单位")
    kept_on = models.DateField("留存日期")
    rank = models.PositiveIntegerField("名次")

    class Meta:
        verbose_name = verbose_name_plural = "名次留存"
        ordering = ["year", "kept_on", "rank", "unit"]
        constraints = [models.UniqueConstraint(fields=["unit", "kept_on"], name="one_standing_a_day")]

    def __str__(self) -> str:
        return f"{self.unit} {self.kept_on} 第{self.rank}名"
