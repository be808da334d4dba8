"""What programs were answered, so that they may ask twice; and where they are told of acts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.people.models import Person, PositionHeld, Token


class KeptReply(models.Model):
    """The first answer to a request with an `Idempotency-Key`. The key is the token's own.

    `claim` names the request that works on it; who lost the claim meanwhile does not commit.
    """

    token = models.ForeignKey(Token, models.CASCADE, related_name="+", verbose_name="令牌")
    key = models.CharField("幂等键", max_length=200)
    # SHA-256 of address and body: the same key with another request is refused.
    request = models.CharField(max_length=64)
    claim = models.CharField(max_length=32)
    started_at = models.DateTimeField("开始时间")
    # None: under way.
    status = models.PositiveSmallIntegerField("状态", null=True, blank=True)
    # As text: a database that keeps JSON may order it anew.
    body = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口的答复"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_reply_a_key")]
        indexes = [models.Index(fields=["started_at"], name="kept_reply_started")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"


class Webhook(models.Model):
    """推送: an address that is told of every act in the reach of one position of its owner, and no contents.

    What failed is tried again, later each time; after 24 hours of failure it stops until somebody resumes it. Nothing
    that waits is lost by that.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "推送中"
        STOPPED = "stopped", "已停"
        ENDED = "ended", "已终止"

    person = models.ForeignKey(Person, models.CASCADE, related_name="webhooks", verbose_name="人员")
    position_held = models.ForeignKey(PositionHeld, models.CASCADE, related_name="webhooks", verbose_name="岗位")
    address = models.CharField("地址", max_length=500)
    sealed_secret = models.TextField()
    # Names of verbs; none: all.
    verbs = models.JSONField("动作", default=list)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ACTIVE)
    made_at = models.DateTimeField("登记时间")
    changed_at = models.DateTimeField("状态变更时间")
    sent = models.PositiveBigIntegerField("已送达", default=0)
    last_sent_at = models.DateTimeField("最近送达", null=True, blank=True)
    # Whoever sends claims it by moving `next_try_at` ahead.
    next_try_at = models.DateTimeField("下次推送")
    attempts = models.PositiveIntegerField("连续失败次数", default=0)
    failing_since = models.DateTimeField("开始失败时间", null=True, blank=True)
    last_error = models.CharField("失败原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "推送"
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="active"), name="webhook_active")]

    def __str__(self) -> str:
        return self.address


class Push(models.Model):
    """An act of which a webhook is still to be told; gone when the other side has taken it."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="pushes", verbose_name="推送")
    # The same for every webhook and every try.
    number = models.UUIDField("编号")
    verb = models.CharField("动作", max_length=100)
    kind = models.CharField("种类", max_length=50)
    on = models.CharField("对象", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "待推送的动作"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "number"], name="one_push_a_webhook")]

    def __str__(self) -> str:
        return f"{self.verb} {self.on}"
