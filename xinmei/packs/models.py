"""What an office decided about the rule packs: entries of its own, their trials, and rules taken down to the shelf of the possible."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.core.screening import CATEGORIES, SEVERITIES, SHELVES


class OwnEntry(models.Model):
    """自定词条: certain words that the office itself wants found. Never deleted; a released one is not edited, it is ended and entered anew."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        TRIED = "tried", "已试跑"
        RELEASED = "released", "已发布"
        ENDED = "ended", "已停用"

    terms = models.JSONField("要查找的文字")
    suggest = models.CharField("建议写法", max_length=100, blank=True)
    category = models.CharField("类别", max_length=30, choices=list(CATEGORIES.items()))
    severity = models.CharField("程度", max_length=10, choices=list(SEVERITIES.items()), default="medium")
    shelf = models.CharField("把握", max_length=10, choices=list(SHELVES.items()), default="confident")
    # longer legitimate words that hold a term; words that must not stand close by
    longer = models.JSONField("例外的词", default=list)
    unless = models.JSONField("附近有这些字就不算", default=list)
    # the title that somebody no longer holds: 时任, 原任 and the like beside it make it right
    former_title = models.BooleanField("任职变动后的旧称谓", default=False)
    reason = models.TextField("依据")
    starts_on = models.DateField("自", null=True, blank=True)
    ends_on = models.DateField("至", null=True, blank=True)
    hit = models.TextField("应当命中的例句")
    miss = models.TextField("不应命中的例句")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT, db_index=True)
    drafted_by = models.CharField("拟定人", max_length=150)
    drafted_at = models.DateTimeField("拟定时间")
    released_by = models.CharField("发布人", max_length=150, blank=True)
    released_at = models.DateTimeField("发布时间", null=True, blank=True)
    ended_by = models.CharField("停用人", max_length=150, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_why = models.TextField("停用原因", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "自定词条"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(released_by=models.F("drafted_by")), name="entry_released_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="entry_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return "、".join(self.terms)

    @property
    def rule(self) -> str:
        """The name of the rule in hits."""
        return f"own_{self.category}/{self.pk}"


class Trial(models.Model):
    """试跑: what an entry would have hit among the posts of the last month. `hits` beyond `allowed` are too many to release it."""

    entry = models.ForeignKey(OwnEntry, models.PROTECT, related_name="trials", verbose_name="词条")
    at = models.DateTimeField("时间")
    by = models.CharField("试跑人", max_length=150)
    since = models.DateTimeField("信息自")
    posts = models.PositiveIntegerField("信息条数")
    hits = models.PositiveIntegerField("命中次数")
    allowed = models.PositiveIntegerField("最多允许")
    # The first of them: [{"post", "before", "text", "after"}], personal data masked.
    sample = models.JSONField("命中处", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "试跑"
        ordering = ["entry", "-id"]

    def __str__(self) -> str:
        return f"{self.entry} {self.hits}"

    @property
    def is_too_many(self) -> bool:
        """Whether the entry hits absurdly often."""
        return self.hits > self.allowed


class Demotion(models.Model):
    """降档: a rule that reviewers keep dismissing goes from the confident shelf to the possible one, by two persons, until it is restored."""

    class State(models.TextChoices):
        WAITING = "waiting", "待批准"
        APPROVED = "approved", "已降档"
        REJECTED = "rejected", "未批准"
        RESTORED = "restored", "已恢复"

    rule = models.CharField("规则", max_length=200, db_index=True)
    why = models.TextField("理由")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.CharField("提出人", max_length=150)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.CharField("决定人", max_length=150, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    restored_by = models.CharField("恢复人", max_length=150, blank=True)
    restored_at = models.DateTimeField("恢复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "规则降档"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state__in=["waiting", "approved"]), name="one_demotion_of_a_rule"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")), name="demotion_decided_by_a_second_person"
            ),
        ]

    def __str__(self) -> str:
        return self.rule
