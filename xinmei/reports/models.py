"""§八、十 通报: drafts, and issued papers, which are frozen with their number and hashes.

「通报国家和省、市政务新媒体抽查检查情况」
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.files.models import StoredFile


class Bulletin(models.Model):
    """One 通报. An issued one is never changed: a new one corrects it and names the one that it supersedes."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", "草稿"
        ISSUED = "ISSUED", "已印发"

    period = models.CharField("期次", max_length=10, db_index=True)
    title = models.CharField("标题", max_length=200)
    number = models.CharField("发文字号", max_length=100, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    as_of = models.DateTimeField("数据截至")
    # What the page shows: figures with their queries and the rows behind them, and the paper as plain data.
    figures = models.JSONField("数据")
    paper = models.JSONField("正文和附件")
    passed = models.PositiveIntegerField("数据一致性通过项数")
    doubted = models.PositiveIntegerField("与后到事实矛盾的问题", default=0)
    docx = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="Word 文件")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="PDF 文件")
    made_by = models.CharField("起草人", max_length=150)
    made_at = models.DateTimeField("起草时间")
    issued_by = models.CharField("印发人", max_length=150, blank=True)
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正"
    )

    class Meta:
        verbose_name = verbose_name_plural = "通报"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_bulletin_a_number"),
            models.UniqueConstraint(
                fields=["supersedes"], condition=Q(status="ISSUED"), name="one_correction_of_a_bulletin"
            ),
            models.CheckConstraint(
                condition=Q(status="DRAFT") | (~Q(number="") & ~Q(issued_by="") & Q(issued_at__isnull=False)),
                name="issued_with_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title
