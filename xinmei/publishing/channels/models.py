"""The interface of an account's platform, and each draft on its way out to one account.

A row of `Sending` is the outbox: it is there before anything leaves the house, and says at every moment how far it is.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.files.models import StoredFile
from xinmei.publishing.drafts.models import Draft
from xinmei.registry.models import Account


class Channel(models.Model):
    """平台接口 of an account. Secret and token are sealed with a key outside of the database, and shown to nobody.

    The token has one holder: whoever refreshes it takes `refreshing_until` by a conditional UPDATE. `token_turn` grows
    with every token, so that two who found the same one dead refresh it once.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "可用"
        BROKEN = "broken", "不可用"
        ENDED = "ended", "已停用"

    account = models.OneToOneField(Account, models.PROTECT, related_name="channel", verbose_name="账号")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE)
    since = models.DateTimeField("自何时起")
    app = models.CharField("应用编号", max_length=100)
    sealed_secret = models.TextField()
    sealed_token = models.TextField(blank=True)
    token_until = models.DateTimeField("凭证有效到", null=True, blank=True)
    token_turn = models.PositiveIntegerField(default=0)
    refreshing_until = models.DateTimeField(null=True, blank=True)
    forced_at = models.DateTimeField(null=True, blank=True)
    # A platform without renewal: its authorisation ends then.
    until = models.DateTimeField("授权到期", null=True, blank=True)
    owner = models.CharField("平台上的用户编号", max_length=100, blank=True)
    domain = models.CharField("安全域名", max_length=200, blank=True)
    cover = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="备用封面"
    )
    # With what the platform signs what it pushes; "" where it pushes nothing.
    sealed_push_token = models.TextField(blank=True)
    sealed_push_key = models.TextField(blank=True)
    pushed_at = models.DateTimeField("最近推送", null=True, blank=True)
    # The platform asked to wait.
    blocked_until = models.DateTimeField("限频到", null=True, blank=True)
    checked_at = models.DateTimeField("最近检查", null=True, blank=True)
    code = models.CharField("平台返回码", max_length=20, blank=True)
    said = models.TextField("什么问题", blank=True)
    todo = models.TextField("怎么办", blank=True)
    connected_by = models.CharField("登记人", max_length=150)
    acted_at = models.DateTimeField("最后办理时间")

    class Meta:
        verbose_name = verbose_name_plural = "平台接口"
        ordering = ["account"]

    def __str__(self) -> str:
        return f"{self.account}"


class Sending(models.Model):
    """One released draft on its way to one account (发布任务).

    `ASKED` is written before the one step that cannot be taken back: whoever finds it has to look before anything is
    sent again. `may_be_out`: it stopped, and nobody knows whether the platform took it.
    """

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "等到时间"
        PREPARING = "preparing", "正在上传"
        ASKED = "asked", "已提交，等平台回话"
        SUBMITTED = "submitted", "平台处理中"
        PUBLISHED = "published", "已发布"
        HELD = "held", "要人办"
        STOPPED = "stopped", "已停止"

    OPEN = (State.SCHEDULED, State.PREPARING, State.ASKED, State.SUBMITTED)

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="sendings", verbose_name="稿件")
    account = models.ForeignKey(Account, models.PROTECT, related_name="sendings", verbose_name="账号")
    # What was signed when it was asked for; another seal is not sent.
    sha256 = models.CharField("封存", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    since = models.DateTimeField("自何时起")
    at = models.DateTimeField("定在")
    by = models.CharField("提交人", max_length=150)
    acted_at = models.DateTimeField("最后办理时间")
    next_at = models.DateTimeField("下次办理", null=True, blank=True)
    # Whoever works at it holds it so long; `holder` is another each time.
    held_until = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    tries = models.PositiveIntegerField("连续没办成", default=0)
    looks = models.PositiveIntegerField("回看次数", default=0)
    pictures = models.JSONField(default=dict)
    cover = models.CharField(max_length=200, blank=True)
    media = models.CharField("平台草稿", max_length=200, blank=True)
    task = models.CharField("平台任务", max_length=100, blank=True)
    # By it the platform knows the comments under the article.
    message = models.CharField("平台消息", max_length=100, blank=True)
    sent_at = models.DateTimeField("提交时间", null=True, blank=True)
    # The platform said by itself that the task has ended; once for each submission.
    pushed_at = models.DateTimeField("平台推送", null=True, blank=True)
    article = models.CharField("平台编号", max_length=200, blank=True)
    url = models.TextField("链接", blank=True)
    code = models.CharField("平台返回码", max_length=20, blank=True)
    said = models.TextField("什么情况", blank=True)
    todo = models.TextField("怎么办", blank=True)
    may_be_out = models.BooleanField("可能已发出", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "发布任务"
        ordering = ["draft", "id"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="sending_due"),
            models.Index(fields=["account", "state"], name="sending_account_state"),
        ]
        constraints = [models.UniqueConstraint(fields=["draft", "account"], name="one_sending_an_account")]

    def __str__(self) -> str:
        return f"{self.draft} → {self.account}"

    @property
    def plain_code(self) -> str:
        """The platform's code without the name of its field."""
        return self.code.rpartition(" ")[2]
