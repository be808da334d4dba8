"""What programs were answered, so that they may ask twice."""

from __future__ import annotations

from django.db import models

from xinmei.people.models import Token


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
    body = models.JSONField("答复", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口的答复"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_reply_a_key")]
        indexes = [models.Index(fields=["started_at"], name="kept_reply_started")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key}"
