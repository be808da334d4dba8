"""What an account answers by itself."""

from __future__ import annotations

from django.db import models

from xinmei.registry.models import Account


class AutoReply(models.Model):
    """自动回复: one rule of an account, or a reply that was seen to be automatic. Replaced whole each time.

    `keywords`: [[mode, text]], mode `equal` or `contain`. `suggestions`: what a person should look at, in Chinese.
    """

    class When(models.TextChoices):
        FOLLOW = "follow", "被关注时"
        MESSAGE = "message", "收到消息时"
        KEYWORD = "keyword", "收到关键词时"
        SEEN = "seen", "留言里见到的"

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="账号")
    when = models.CharField("什么时候回复", max_length=10, choices=When.choices)
    place = models.PositiveIntegerField("次序")
    name = models.CharField("规则名称", max_length=200, blank=True)
    keywords = models.JSONField("关键词", default=list)
    text = models.TextField("内容", blank=True)
    other = models.CharField("另有", max_length=200, blank=True)
    suggestions = models.JSONField("要看的", default=list)
    seen_at = models.DateTimeField("看到的时间")

    class Meta:
        verbose_name = verbose_name_plural = "自动回复"
        ordering = ["account", "when", "place"]
        constraints = [models.UniqueConstraint(fields=["account", "when", "place"], name="one_auto_reply_a_place")]

    def __str__(self) -> str:
        return self.text[:30]
