"""§四、六 posts as they were seen, and the functions that an account offers."""

from __future__ import annotations

from django.db import models

from xinmei.files.models import StoredFile
from xinmei.pages.lists.pairs import Pairs
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.columns.models import ColumnTemplate
from xinmei.publishing.drafts.models import (
    Draft,
    DraftAccount,
    DraftHit,
    DraftImage,
    DraftStep,
    DraftVersion,
    Publication,
    Release,
    Settlement,
    Unsaved,
)
from xinmei.publishing.functions.models import Function, Outage
from xinmei.publishing.kinds import FORM_LABELS, GENERATED, Origin
from xinmei.publishing.policies.models import Explainer, Policy
from xinmei.publishing.sources.models import ApprovedSource
from xinmei.publishing.terms.models import ReviewTerm
from xinmei.registry.models import Account
from xinmei.units.models import Unit

__all__ = [
    "AllowListEntry",
    "ApprovedSource",
    "Channel",
    "ColumnTemplate",
    "Draft",
    "DraftAccount",
    "DraftHit",
    "DraftImage",
    "DraftStep",
    "DraftVersion",
    "Explainer",
    "Function",
    "FunctionCheck",
    "Image",
    "Outage",
    "Policy",
    "Post",
    "PostPairs",
    "Publication",
    "Release",
    "ReviewTerm",
    "Sending",
    "Settlement",
    "Unsaved",
    "join_text",
]


class Post(models.Model):
    """已发布信息, as seen. `byline` None means unknown; {} or a role lacking means missing."""

    Origin = Origin
    FORM_LABELS = FORM_LABELS
    GENERATED = GENERATED

    code = models.CharField("信息编号", max_length=200, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="posts", verbose_name="账号")
    published_at = models.DateTimeField("发布时间")
    title = models.TextField("标题", blank=True)
    text = models.TextField("正文", blank=True)
    url = models.TextField("链接", blank=True)
    origin = models.CharField("原创或转载", max_length=10, choices=Origin.choices, blank=True)
    source = models.TextField("信息来源", blank=True)
    byline = models.JSONField("署名", null=True, blank=True)
    links = models.JSONField("文中链接", null=True, blank=True)
    images = models.JSONField("图片", null=True, blank=True)
    comments_enabled = models.BooleanField("开放留言", null=True, blank=True)
    reads = models.BigIntegerField("阅读量", null=True, blank=True)
    deleted_at = models.DateTimeField("删除时间", null=True, blank=True)
    policy = models.TextField("解读的文件", blank=True)
    form = models.CharField("形式", max_length=50, blank=True)
    # Grows with every import that writes the row: what came after a mark was not yet read by the screening.
    revision = models.BigIntegerField(default=0, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "信息"
        ordering = ["account", "published_at", "code"]
        # Not on `published_at` alone: without statistics SQLite would take that index for whole accounts, and an
        # inspection took minutes.
        indexes = [
            models.Index(fields=["account", "published_at", "deleted_at", "origin"], name="post_account_published")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True) | models.Q(deleted_at__gte=models.F("published_at")),
                name="post_deleted_after_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:30]


class Image(models.Model):
    """A picture of a post, named there by its digest, and given out again by the name it had in the bundle."""

    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "图片"

    def __str__(self) -> str:
        return str(self.file_id)


class FunctionCheck(models.Model):
    """One check of an offered function 功能 (menu, link, service, download)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="function_checks", verbose_name="账号")
    name = models.CharField("功能名称", max_length=500)
    url = models.TextField("链接", blank=True)
    checked_at = models.DateTimeField("检查时间")
    works = models.BooleanField("可用")
    announced_outage = models.BooleanField("已公告停用", null=True, blank=True)
    asks_for = models.JSONField("索取的个人信息", null=True, blank=True)
    # None where a bundle brought it.
    reason = models.TextField("原因", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "功能检查"
        ordering = ["account", "checked_at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name", "checked_at"], name="one_check_of_a_function_at_a_time")
        ]

    def __str__(self) -> str:
        return self.name


class AllowListEntry(models.Model):
    """不再提示: hits of one rule within these words are not raised, at one unit or (`unit` empty) everywhere.

    Ended, never deleted.
    """

    rule = models.CharField("规则", max_length=200)
    text = models.TextField("文字")
    # what the hits were suspected to be, by the criterion's name in the rulebook
    set = models.CharField("指标体系", max_length=50)
    criterion = models.CharField("评分细则", max_length=50)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="allow_list", verbose_name="单位"
    )
    reason = models.TextField("理由")
    starts_on = models.DateField("起")
    # The last day; the day before the first where it was ended on its first day.
    ends_on = models.DateField("止", null=True, blank=True)
    by = models.CharField("设置人", max_length=150)
    at = models.DateTimeField("设置时间")
    ended_by = models.CharField("停用人", max_length=150, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "不再提示"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text


def join_text(title: str, text: str) -> str:
    """The text of a post as it is screened: its title, a line break, its text."""
    return f"{title}\n{text}" if title else text


class PostPairs(Pairs):
    """The index of posts for the search of words (publishing/search.py)."""

    class Meta(Pairs.Meta):
        verbose_name = verbose_name_plural = "信息检索"
