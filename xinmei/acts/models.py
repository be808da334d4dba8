"""The first answers to acts that came with a key, so that what is sent twice acts once."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """What was answered to an act that a person sent with a `key`, refusals too. The key is the person's own."""

    person = models.CharField("办理人", max_length=150)
    key = models.CharField("幂等键", max_length=200)
    # SHA-256 of the act: the same key with another act is refused.
    act = models.CharField(max_length=64)
    answer = models.JSONField("答复")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理的答复"
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.person} {self.key}"
