"""Declared test questions, the draws that say who is asked, what was asked and answered, and the two ratings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.core.questions import question_rules
from xinmei.files.models import StoredFile
from xinmei.registry.models import Account

OUTCOMES = list(question_rules().labels.items())


class Prompt(models.Model):
    """提问题目: declared before anybody is asked. Ended, never changed: what was asked stays as it was."""

    text = models.TextField("题目")
    expected = models.TextField("答复应当写明什么")
    written_by = models.CharField("拟题人", max_length=150)
    written_at = models.DateTimeField("拟题时间")
    ended_by = models.CharField("停用人", max_length=150, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "提问题目"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:40]


class Draw(models.Model):
    """抽取: which accounts are asked. Seed, frame and prompts are kept, so that the draw can be repeated."""

    seed = models.CharField("种子", max_length=40)
    count = models.PositiveIntegerField("抽几个")
    until = models.DateField("到哪天提完")
    frame = models.JSONField("从哪些账号里抽")
    prompts = models.JSONField("从哪些题目里抽")
    made_by = models.CharField("抽取人", max_length=150)
    made_at = models.DateTimeField("抽取时间")

    class Meta:
        verbose_name = verbose_name_plural = "抽取"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"第 {self.pk} 轮"


class Asking(models.Model):
    """模拟提问: one question to one account. Nobody at the unit sees it before it is OVER."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", "待提问"
        ASKED = "ASKED", "已提问，等答复"
        ANSWERED = "ANSWERED", "已答复，等两人评分"
        JUDGED = "JUDGED", "等结论"
        OVER = "OVER", "已结束"
        DROPPED = "DROPPED", "没有提"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="askings", verbose_name="抽取")
    place = models.PositiveIntegerField("次序")
    account = models.ForeignKey(Account, models.PROTECT, related_name="askings", verbose_name="账号")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="askings", verbose_name="题目")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PLANNED)
    outcome = models.CharField("结果", max_length=12, choices=OUTCOMES, blank=True)
    asked_by = models.CharField("提问人", max_length=150, blank=True)
    asked_at = models.DateTimeField("提问时间", null=True)
    where = models.TextField("在哪里提的", blank=True)
    # The number of the message, once it came in from the platform like any other.
    message = models.CharField("留言编号", max_length=200, blank=True)
    reply_due_at = models.DateTimeField("答复期限", null=True)
    provisional = models.BooleanField("期限暂定", default=False)
    asked_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="提问的凭据")
    asked_type = models.CharField("类型", max_length=100, blank=True)
    replied_at = models.DateTimeField("答复时间", null=True)
    reply = models.TextField("答复", blank=True)
    seen_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="结果的凭据")
    seen_type = models.CharField("类型", max_length=100, blank=True)
    note = models.TextField("结论", blank=True)
    finding = models.ForeignKey(
        "supervision.Finding", models.PROTECT, null=True, related_name="askings", verbose_name="问题"
    )
    acted_at = models.DateTimeField("最后办理时间")

    class Meta:
        verbose_name = verbose_name_plural = "模拟提问"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "account"], name="one_question_a_draw_and_account"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True) | Q(asked_file__isnull=False), name="asked_with_proof"
            ),
        ]
        indexes = [models.Index(fields=["state", "reply_due_at"], name="asking_state_due")]

    def __str__(self) -> str:
        return f"{self.account} {self.prompt}"


class Rating(models.Model):
    """评分 of a reply by one person, who does not see the other's before both are there."""

    asking = models.ForeignKey(Asking, models.CASCADE, related_name="ratings", verbose_name="模拟提问")
    by = models.CharField("评分人", max_length=150)
    at = models.DateTimeField("评分时间")
    marks = models.JSONField("各项得分")
    note = models.TextField("评语", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评分"
        ordering = ["asking", "id"]
        constraints = [models.UniqueConstraint(fields=["asking", "by"], name="one_rating_a_person")]

    def __str__(self) -> str:
        return f"{self.asking_id} {self.by}"
