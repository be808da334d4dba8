"""A comment as its platform knows it, what is to be done to it there, and how much of the comments was seen.

A row of `Errand` is the outbox: it is there before anything leaves the house, and says at every moment how far it is.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.registry.models import Account


class OnPlatform(models.Model):
    """平台上的留言: under which number the platform knows it, and what was last seen of it.

    `gone_at`: a list that was read to its end did not have it any more.
    """

    message = models.OneToOneField(
        "interaction.Message", models.CASCADE, related_name="on_platform", verbose_name="留言"
    )
    article = models.CharField("平台上的信息编号", max_length=100)
    number = models.CharField("平台上的留言编号", max_length=100)
    shown = models.BooleanField("平台上已放出", default=False)
    seen_at = models.DateTimeField("最近看到")
    gone_at = models.DateTimeField("平台上没有了", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "平台上的留言"
        ordering = ["message"]
        indexes = [models.Index(fields=["article"], name="on_platform_article")]

    def __str__(self) -> str:
        return f"{self.article}/{self.number}"


class Errand(models.Model):
    """平台办理: one thing to be done to one comment on its platform.

    `ASKED` is written before an answer leaves: whoever finds it has to look before anything is sent again.
    `may_be_done`: it stopped, and nobody knows whether the platform took it. `done_at` is the platform's own moment of
    an answer; else when the platform said that it was done.
    """

    class Does(models.TextChoices):
        ANSWER = "answer", "答复"
        RELEASE = "release", "放出"
        REMOVE = "remove", "删除"

    class State(models.TextChoices):
        WAITING = "waiting", "正在发到平台"
        ASKED = "asked", "已提交，等平台显示"
        DONE = "done", "平台已办好"
        HELD = "held", "要人办"
        STOPPED = "stopped", "已停止"

    OPEN = (State.WAITING, State.ASKED)

    message = models.ForeignKey("interaction.Message", models.CASCADE, related_name="errands", verbose_name="留言")
    does = models.CharField("办什么", max_length=10, choices=Does.choices)
    text = models.TextField("答复内容", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    since = models.DateTimeField("自何时起")
    by = models.CharField("提交人", max_length=150)
    by_name = models.CharField(max_length=150)
    acted_at = models.DateTimeField("最后办理时间")
    next_at = models.DateTimeField("下次办理", null=True, blank=True)
    # Whoever works at it holds it so long; `holder` is another each time.
    held_until = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    tries = models.PositiveIntegerField("连续没办成", default=0)
    looks = models.PositiveIntegerField("回看次数", default=0)
    sent = models.PositiveIntegerField("提交次数", default=0)
    # The platform said that it took the answer; its moment is still to be seen.
    taken = models.BooleanField(default=False)
    asked_at = models.DateTimeField("提交时间", null=True, blank=True)
    done_at = models.DateTimeField("平台上的时间", null=True, blank=True)
    code = models.CharField("平台返回码", max_length=20, blank=True)
    said = models.TextField("什么情况", blank=True)
    todo = models.TextField("怎么办", blank=True)
    may_be_done = models.BooleanField("可能已办", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "平台办理"
        ordering = ["message", "id"]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="errand_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["message"],
                condition=Q(does="answer", state__in=["waiting", "asked", "held"]),
                name="one_answer_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_does_display()} {self.message_id}"

    @property
    def is_open(self) -> bool:
        """Whether a machine still works at it."""
        return self.state in self.OPEN


class PlatformLook(models.Model):
    """留言的查看: how much of an account's comments, or of its automatic replies, an interface showed last.

    It covers what the interface lists and proves nothing about posts: those have looks of their own.
    """

    class Thing(models.TextChoices):
        COMMENTS = "comments", "评论"
        AUTOMATIC = "automatic", "自动回复"

    class Outcome(models.TextChoices):
        COMPLETE = "complete", "看全"
        PARTIAL = "partial", "没有看全"
        FAILED = "failed", "看不到"

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="账号")
    thing = models.CharField("看什么", max_length=10, choices=Thing.choices)
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    reason = models.TextField("原因", blank=True)
    # When it was last seen whole.
    complete_at = models.DateTimeField("最近看全", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "留言的查看"
        ordering = ["account", "thing"]
        constraints = [models.UniqueConstraint(fields=["account", "thing"], name="one_look_a_thing")]

    def __str__(self) -> str:
        return f"{self.account} {self.thing} {self.outcome}"
