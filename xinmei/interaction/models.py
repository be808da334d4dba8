"""§五 messages of the public, replies, and the two daily looks."""

from __future__ import annotations

from typing import Any

from django.db import models

from xinmei.core.calendar import SHANGHAI
from xinmei.files.models import StoredFile
from xinmei.interaction.autoreplies.models import AutoReply
from xinmei.interaction.errands.models import Errand, OnPlatform, PlatformLook
from xinmei.interaction.terms import basis_of, term_of
from xinmei.pages.lists.pairs import Pairs
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit

__all__ = [
    "AnswerProof",
    "AutoReply",
    "DraftReply",
    "Errand",
    "KnownAnswer",
    "Message",
    "MessagePairs",
    "MessageStep",
    "OnPlatform",
    "Patrol",
    "PlatformLook",
    "Reply",
    "ReplyRule",
]


class Message(models.Model):
    """留言 (评论、咨询、投诉) of the public to an account."""

    class Kind(models.TextChoices):
        COMMENT = "comment", "评论"
        ENQUIRY = "enquiry", "咨询"
        COMPLAINT = "complaint", "投诉"

    code = models.CharField("留言编号", max_length=200, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="messages", verbose_name="账号")
    received_at = models.DateTimeField("收到时间")
    kind = models.CharField("类型", max_length=10, choices=Kind.choices)
    text = models.TextField("内容", blank=True)
    author = models.CharField("留言人", max_length=500, blank=True)
    # The post it was left under, by its id in the bundle: publishing is another room.
    post = models.CharField("所在信息", max_length=200, blank=True)
    concrete_policy_question = models.BooleanField("具体明确的政策咨询", null=True, blank=True)
    published_at = models.DateTimeField("放出时间", null=True, blank=True)
    # Looked at and not let through: when, on which ground of the law (rules/moderation/); why stands in its step.
    held_at = models.DateTimeField("不放出的时间", null=True, blank=True, editable=False)
    held_ground = models.CharField("不放出的理由", max_length=30, default="", db_default="", editable=False)
    # Until then the inbox of the unit that must answer puts it aside; never past the term.
    snoozed_until = models.DateTimeField("稍后再办，到", null=True, blank=True, editable=False)
    # The unit that must answer, where it is not the host.
    handed_to = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name="转给"
    )
    revision = models.BigIntegerField(default=0, db_index=True)
    # The term, by the readings and the calendar of `term_basis`: interaction/terms.py. Empty where no clock applies.
    applies = models.BooleanField("应限时答复", default=False, db_default=False, editable=False)
    reply_due_at = models.DateTimeField("答复期限", null=True, blank=True, editable=False)
    provisional = models.BooleanField("期限暂定", default=False, db_default=False, editable=False)
    term_basis = models.CharField(max_length=16, default="", db_default="", db_index=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "留言"
        ordering = ["account", "received_at", "code"]
        indexes = [
            models.Index(fields=["account", "received_at"], name="message_account_received"),
            models.Index(fields=["reply_due_at"], condition=models.Q(applies=True), name="message_due"),
            models.Index(fields=["held_at"], condition=models.Q(held_at__isnull=False), name="message_held"),
        ]

    class State(models.TextChoices):
        OPEN = "OPEN", "待答复"
        ANSWERED = "ANSWERED", "已答复"

    def __str__(self) -> str:
        return self.text[:30]

    @property
    def state(self) -> str:
        """Answered by a person; an automatic reply answers nothing (reading: reply_counts)."""
        is_answered = any(not one.automatic for one in self.replies.all())
        return (self.State.ANSWERED if is_answered else self.State.OPEN).value

    def get_state_display(self) -> str:
        """The state in Chinese."""
        return self.State(self.state).label

    @property
    def answering(self) -> Unit:
        """The unit that must answer: the host, or the one that it was handed to."""
        return self.handed_to or self.account.unit

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new message gets its term. What comes by import is written past the ORM and gets it there."""
        if self._state.adding and not self.term_basis:
            readings = readings_on(self.received_at.astimezone(SHANGHAI).date())
            term = term_of(self.kind, self.concrete_policy_question, self.received_at, readings, basis_of(readings))
            self.applies, self.reply_due_at, self.provisional, self.term_basis = term
        super().save(*args, **kwargs)


class Reply(models.Model):
    """答复 of a message. An automatic reply stops no clock."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="replies", verbose_name="留言")
    position = models.PositiveIntegerField("次序")
    code = models.CharField("答复编号", max_length=200)
    replied_at = models.DateTimeField("答复时间")
    text = models.TextField("内容", blank=True)
    automatic = models.BooleanField("自动回复", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["message", "position"]
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="one_reply_a_position")]

    def __str__(self) -> str:
        return self.text[:30]


class MessageStep(models.Model):
    """What a person did to a message: marked it, answered it, handed it over, took it back, let it through or not."""

    class Verb(models.TextChoices):
        MARK = "mark", "认定"
        ANSWER = "answer", "登记答复"
        HAND_OVER = "hand_over", "转办"
        TAKE_BACK = "take_back", "收回"
        SNOOZE = "snooze", "稍后再办"
        DRAFT = "draft", "拟答复"
        RELEASE = "release", "审看：放出"
        WITHHOLD = "withhold", "审看：不放出"
        REMOVE = "remove", "审看：删除"
        SEND = "send", "答复，由系统发到平台"
        SHOWN = "shown", "平台显示了答复"

    message = models.ForeignKey(Message, models.CASCADE, related_name="steps", verbose_name="留言")
    verb = models.CharField("动作", max_length=10, choices=Verb.choices)
    by = models.CharField("操作人", max_length=150)
    position = models.CharField("岗位", max_length=20, blank=True)
    at = models.DateTimeField("时间")
    to = models.CharField("转给", max_length=200, blank=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "留言办理过程"
        ordering = ["message", "id"]

    def __str__(self) -> str:
        return f"{self.message_id} {self.verb}"


class AnswerProof(models.Model):
    """What shows when an answer was really given, where it was registered later: a screenshot, a page as PDF."""

    step = models.OneToOneField(MessageStep, models.CASCADE, related_name="proof", verbose_name="登记答复")
    replied_at = models.DateTimeField("答复时间")
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "答复时间的凭据"

    def __str__(self) -> str:
        return self.name


class ReplyRule(models.Model):
    """Whether the replies of a unit need a second pair of eyes. No row: they do not."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    approval = models.BooleanField("答复要审核", default=False)
    by = models.CharField("设定人", max_length=150)
    at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = verbose_name_plural = "答复审核的设定"

    def __str__(self) -> str:
        return f"{self.unit} {self.approval}"


class DraftReply(models.Model):
    """A reply that waits for the second pair of eyes. It answers nothing until it is sent."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "待审核"
        SENT = "SENT", "已发出"
        REPLACED = "REPLACED", "已另拟"

    message = models.ForeignKey(Message, models.CASCADE, related_name="drafts", verbose_name="留言")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="答复单位")
    text = models.TextField("内容")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    drafter = models.CharField("拟稿人", max_length=150)
    drafter_name = models.CharField(max_length=150)
    drafted_at = models.DateTimeField("拟稿时间")
    approver = models.CharField("审核人", max_length=150, blank=True)
    approver_name = models.CharField(max_length=150, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待审核的答复"
        ordering = ["message", "-id"]

    def __str__(self) -> str:
        return self.text[:30]


class KnownAnswer(models.Model):
    """常用答复: an answered question that a unit keeps. Somebody owns it, and it ends on a day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    question = models.CharField("问题", max_length=200)
    answer = models.TextField("答复")
    until = models.DateField("用到")
    owner = models.CharField("负责人", max_length=150)
    owner_name = models.CharField(max_length=150)
    kept_at = models.DateTimeField("收进时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "常用答复"
        ordering = ["unit", "question", "id"]

    def __str__(self) -> str:
        return self.question


class Patrol(models.Model):
    """值守巡查: one look at the messages of an account in the morning or the afternoon of a working day."""

    class Half(models.TextChoices):
        AM = "am", "上午"
        PM = "pm", "下午"

    account = models.ForeignKey(Account, models.CASCADE, related_name="patrols", verbose_name="账号")
    day = models.DateField("日期")
    half = models.CharField("上下午", max_length=2, choices=Half.choices)
    by = models.CharField("值班人", max_length=200, blank=True)
    # Who registered it here; empty where it came by import.
    login = models.CharField("登记人", max_length=150, blank=True, default="", db_default="")
    at = models.DateTimeField("时间", null=True, blank=True)
    # What was looked at, by the names of `actions.LOOKS`, and what was seen; empty where it came by import, which
    # writes past the ORM.
    checked = models.JSONField("看了什么", null=True, blank=True)
    note = models.TextField("情况", blank=True, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = "值守巡查"
        ordering = ["account", "day", "half"]
        constraints = [models.UniqueConstraint(fields=["account", "day", "half"], name="one_patrol_a_half_day")]

    def __str__(self) -> str:
        return f"{self.account} {self.day} {self.get_half_display()}"


class MessagePairs(Pairs):
    """The index of messages for the search of words (interaction/search.py)."""

    class Meta(Pairs.Meta):
        verbose_name = verbose_name_plural = "留言检索"
