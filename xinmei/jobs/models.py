"""The ledger of jobs: what was asked for or came due, who took it, how far it is, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.people.models import Person, Position


class Job(models.Model):
    """One piece of background work.

    (kind, key) is unique: what is asked for twice, or by two schedulers at once, is done once. A job is WAITING until
    `next_try_at`. It is RUNNING while a worker holds it, up to `lease_until`, which the worker keeps moving. When a
    worker dies the lease ends, and the next worker claims the job again.

    A large job is SPLIT: its parts are jobs of their own, with it as their parent. It waits until the last of them has
    ended, then it is claimed once more and puts them together.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        SPLIT = "split", "分头办理"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"

    kind = models.CharField("任务", max_length=50)
    key = models.CharField("编号", max_length=200)
    arguments = models.JSONField("参数", default=dict)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField("提交时间")
    # When it came due stays what it was; the next try moves with every failure.
    due_at = models.DateTimeField("应办时间")
    next_try_at = models.DateTimeField("下次办理时间")
    # Who holds it, and until when. `attempts` counts the claims; a worker proves its hold with it.
    worker = models.CharField("执行者", max_length=200, blank=True)
    lease_until = models.DateTimeField("租约到期", null=True, blank=True)
    attempts = models.PositiveIntegerField("已试次数", default=0)
    done = models.PositiveIntegerField("已做", default=0)
    total = models.PositiveIntegerField("共", default=0)
    sentence = models.TextField("进展", blank=True)
    outcome = models.TextField("结果", blank=True)
    failure = models.TextField("失败原因", blank=True)
    result = models.JSONField("结果数据", default=dict)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    # Who asked, in which position: the job acts in that position as long as it is held. Empty: the system by its rules.
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name="提交人"
    )
    position = models.CharField("岗位", max_length=20, choices=Position.choices, blank=True)
    unit_code = models.CharField("单位", max_length=100, blank=True)
    holding = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name="属于哪项任务"
    )
    # When its number was last given to the broker; what the broker lost is sent again.
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-asked_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_job_of_a_key")]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="waiting"), name="job_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
            models.Index(fields=["asked_by", "-asked_at"], name="job_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in (self.State.WAITING, self.State.RUNNING, self.State.SPLIT)

    @property
    def percent(self) -> int:
        """How much is done, of a hundred."""
        return min(100, 100 * self.done // self.total) if self.total else 0


class RuleSeen(models.Model):
    """Since when a rule is in force here: what came due before the first scheduler knew it was never promised."""

    kind = models.CharField("任务", max_length=50, primary_key=True)
    since = models.DateTimeField("起")

    class Meta:
        verbose_name = verbose_name_plural = "定时规则的起点"

    def __str__(self) -> str:
        return self.kind


class Heartbeat(models.Model):
    """The last sign of life of the worker of one machine. No sign for five minutes is shown in red."""

    machine = models.CharField("机器", max_length=200, primary_key=True)
    at = models.DateTimeField("最近心跳")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return f"{self.machine} {self.at:%Y-%m-%d %H:%M:%S}"
