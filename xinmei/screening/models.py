"""What was read with which rule packs: runs and their marks, hits, 回头看, 自测; links followed and pictures read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.interaction.models import Message
from xinmei.publishing.models import Image, Post


class ScreeningMark(models.Model):
    """How far the screening of one version of the rule packs has read the texts of a bucket of accounts: every row up
    to `revision` is done.
    """

    version = models.CharField("词库版本", max_length=64)
    table = models.CharField("对象", max_length=20)
    # Accounts by their number (`shares.bucket_of`): each bucket is read alone, by whichever worker.
    bucket = models.PositiveIntegerField("账号分组", default=0)
    revision = models.BigIntegerField("已读到")
    row = models.BigIntegerField("该批中已读到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "筛查进度"
        constraints = [models.UniqueConstraint(fields=["version", "table", "bucket"], name="one_mark_a_bucket")]

    def __str__(self) -> str:
        return f"{self.table} {self.version}"


class ScreeningHit(models.Model):
    """机器筛查的命中: a suggestion at a place in a post or a message; people decide."""

    version = models.CharField("词库版本", max_length=64)
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="hits", verbose_name="信息")
    message = models.ForeignKey(
        Message, models.CASCADE, null=True, blank=True, related_name="hits", verbose_name="留言"
    )
    # Where in the text: of a post the title and the text stand one after the other, with a line break between.
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    text = models.TextField("原文")
    rule = models.CharField("规则", max_length=200)
    category = models.CharField("类别", max_length=30)
    severity = models.CharField("程度", max_length=20)
    shelf = models.CharField("把握", max_length=10)
    suggest = models.TextField("建议", blank=True)
    clause = models.TextField("依据", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "筛查命中"
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, message__isnull=True) | Q(post__isnull=True, message__isnull=False),
                name="hit_in_one_text",
            ),
        ]
        indexes = [models.Index(fields=["version", "shelf"], name="hit_version_shelf")]

    def __str__(self) -> str:
        return self.text


class Rescreening(models.Model):
    """回头看: one change of the rule packs, and how far the texts were read again for it.

    The one not superseded is the one whose hits count.
    """

    version = models.CharField("词库版本", max_length=64, db_index=True)
    # What forces every text to be read anew (engine, typo model, fixed phrases), and a digest of each rule.
    frame = models.CharField(max_length=64)
    rules = models.JSONField("规则")
    # Whose hits were carried over; empty where every text was read anew.
    before = models.CharField("上一版本", max_length=64, blank=True)
    changed = models.JSONField("有变动的规则", default=list)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    superseded = models.BooleanField("已被替换", default=False)
    total = models.PositiveIntegerField("文本数", default=0)
    looked = models.PositiveIntegerField("已看", default=0)
    read = models.PositiveIntegerField("重读", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "回头看"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(superseded=False), name="one_rescreening_of_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.version


class Recall(models.Model):
    """A place in an old post that a changed rule names, whatever its shelf, judged by the post's own day: for a person
    to look at.
    """

    class Decision(models.TextChoices):
        WAITING = "waiting", "待看"
        FAULT = "fault", "有问题，已录入"
        NO_FAULT = "no_fault", "不是问题"

    rescreening = models.ForeignKey(Rescreening, models.CASCADE, related_name="recalls", verbose_name="回头看")
    post = models.ForeignKey(Post, models.CASCADE, related_name="recalls", verbose_name="信息")
    rule = models.CharField("规则", max_length=200)
    category = models.CharField("类别", max_length=30)
    shelf = models.CharField("把握", max_length=10)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    text = models.TextField("原文")
    decision = models.CharField(
        "处理", max_length=10, choices=Decision.choices, default=Decision.WAITING, db_index=True
    )
    decided_by = models.CharField("处理人", max_length=150, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "重看清单"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["post", "rule", "start", "end"], name="one_recall_of_a_place")]

    def __str__(self) -> str:
        return self.text


class Drill(models.Model):
    """自测 of one week: faults planted into copies of the week's real posts, and what the rules in use found of them.

    The copies are not kept.
    """

    week = models.CharField("周", max_length=8, unique=True)
    ran_at = models.DateTimeField("自测时间")
    version = models.CharField("词库版本", max_length=64)
    posts = models.PositiveIntegerField("信息条数")
    # [{"kind", "category", "planted", "found" (confident), "seen" (on any shelf)}]
    lines = models.JSONField("埋设与查出", default=list)
    # Confident hits where nothing was planted and no person has confirmed a fault, by category.
    alarms = models.JSONField("误报", default=dict)
    # [{"kind", "post", "before", "text", "after", "shelf"}], personal data masked; `shelf`: "possible" or "" where it
    # was not seen at all.
    misses = models.JSONField("漏掉的", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "自测"
        ordering = ["-week"]

    def __str__(self) -> str:
        return self.week


class LinkSeen(models.Model):
    """链接 as it was followed the last time. Three-valued: it led somewhere, it is gone, or nobody could see."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "还没有看"
        ALIVE = "alive", "打得开"
        DEAD = "dead", "失效"
        UNSEEN = "unseen", "看不清"

    address = models.CharField("链接", max_length=2000, unique=True)
    posts = models.ManyToManyField(Post, related_name="links_seen", verbose_name="信息")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, default=Outcome.WAITING, db_index=True)
    checked_at = models.DateTimeField("查看时间", null=True, blank=True, db_index=True)
    # The kind of the host where it ends (rules/links.yaml); of what was not seen to the end, of its own host.
    leads_to = models.CharField("去向", max_length=20, db_index=True)
    hops = models.JSONField("转址", default=list)
    reason = models.TextField("原因", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "链接"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.address


class PictureRead(models.Model):
    """What stands in a picture: text, codes, and what the screening says to the text.

    Kept by the picture's hash, so each is read once.
    """

    class Outcome(models.TextChoices):
        READ = "read", "已读"
        UNSEEN = "unseen", "看不清"

    image = models.OneToOneField(Image, models.CASCADE, related_name="reading", verbose_name="图片")
    # the newest post that showed it when it was read
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="pictures_read", verbose_name="信息")
    read_at = models.DateTimeField("识别时间")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, db_index=True)
    reason = models.TextField("原因", blank=True)
    text = models.TextField("文字", blank=True)
    codes = models.JSONField("二维码", default=list)
    # [{"start", "end", "rule", "category", "suggest"}] in `text`
    hits = models.JSONField("命中", default=list)
    is_hit = models.BooleanField("有命中", default=False, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "图片文字"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:30]
