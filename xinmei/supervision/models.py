"""§十 inspections, findings and their evidence, samples of higher tiers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from xinmei.files.keeping import load
from xinmei.files.models import StoredFile
from xinmei.interaction.models import Message
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.supervision.questions.models import Asking as Asking
from xinmei.supervision.questions.models import Draw as Draw
from xinmei.supervision.questions.models import Prompt as Prompt
from xinmei.supervision.questions.models import Rating as Rating
from xinmei.units.models import Unit

models.TextField.register_lookup(Length)
models.BinaryField.register_lookup(Length)


class SampleResult(models.Model):
    """A result of a higher tier's 抽查: 国办每半年、省政府办公厅每季度."""

    class OrderedBy(models.TextChoices):
        STATE = "state", "国办"
        PROVINCE = "province", "省"
        CITY = "city", "市"

    class Result(models.TextChoices):
        PASS = "pass", "合格"
        FAIL = "fail", "不合格"

    ordered_by = models.CharField("检查单位", max_length=10, choices=OrderedBy.choices)
    period = models.CharField("期次", max_length=20)
    account = models.ForeignKey(Account, models.PROTECT, related_name="samples", verbose_name="账号")
    result = models.CharField("结果", max_length=10, choices=Result.choices)
    indicator = models.TextField("指标", blank=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "上级抽查结果"
        ordering = ["ordered_by", "period", "account"]
        constraints = [models.UniqueConstraint(fields=["ordered_by", "period", "account"], name="one_sample_result")]

    def __str__(self) -> str:
        return f"{self.get_ordered_by_display()} {self.period} {self.account}"


class Inspection(models.Model):
    """A full inspection as of `at` (监测时间点).

    The row is there only when the inspection has finished. The same moment and scope again go into the same row.
    """

    at = models.DateTimeField("监测时间点")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="范围")
    finished_at = models.DateTimeField("完成时间")
    inspected = models.PositiveIntegerField("已检账号")
    could_not_observe = models.PositiveIntegerField("看不清")
    raised = models.PositiveIntegerField("发现问题")
    edition = models.CharField("指标版本", max_length=20)
    readings = models.JSONField("解释口径", default=dict)
    screening = models.CharField("词库版本", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["at"], condition=Q(unit__isnull=True), name="one_full_inspection_a_moment"),
            models.UniqueConstraint(fields=["at", "unit"], name="one_inspection_of_a_unit_a_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Coverage(models.Model):
    """What an inspection saw of one account: whether a complete look ended in the week before, and if not, why."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="coverage", verbose_name="检查")
    account = models.ForeignKey(Account, models.CASCADE, related_name="coverage", verbose_name="账号")
    observed = models.BooleanField("已看清")
    reason = models.TextField("原因", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "覆盖情况"
        constraints = [models.UniqueConstraint(fields=["inspection", "account"], name="one_coverage_an_account")]

    def __str__(self) -> str:
        return f"{self.account} {'已看清' if self.observed else '看不清'}"


class KeptRate(models.Model):
    """合格留存: of the last full round of a month, how many accounts of one host passed 附件1, as last reckoned.

    It is made anew every night from the findings; nothing is lost with it.
    """

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="rates", verbose_name="检查")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="主办单位")
    passed = models.PositiveIntegerField("合格")
    failed = models.PositiveIntegerField("不合格")
    unseen = models.PositiveIntegerField("看不清")

    class Meta:
        verbose_name = verbose_name_plural = "合格留存"
        constraints = [models.UniqueConstraint(fields=["inspection", "unit"], name="one_rate_a_round_and_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.passed}/{self.passed + self.failed}"


class Evidence(models.Model):
    """What was seen, as it was seen: the bytes, their hashes, when, and by which source.

    What the machine recorded of a fault is `data`; what a person attached is a file. What a platform deletes later
    changes nothing here.
    """

    data = models.BinaryField("记载", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件")
    media_type = models.CharField("类型", max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)
    sm3 = models.CharField(max_length=64)
    seen_at = models.DateTimeField("时间")
    source = models.CharField("来源", max_length=200)
    collector = models.CharField("采集版本", max_length=100)
    edition = models.CharField("指标版本", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "证据"
        constraints = [
            models.CheckConstraint(
                condition=Q(data__length__gt=0, file__isnull=True) | Q(data__isnull=True, file__isnull=False),
                name="evidence_is_a_record_or_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(sha256="") & ~Q(sm3="") & ~Q(source="") & ~Q(collector="") & ~Q(edition=""),
                name="evidence_says_where_it_is_from",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    def read(self) -> bytes:
        """The bytes. Raises FileFault where they are a file that cannot be had."""
        return bytes(self.data or b"") if self.file_id is None else load(self.file_id)


class Finding(models.Model):
    """问题: one fault of one account or unit.

    The machine finds, a person confirms, the unit rectifies, it is checked again.
    """

    class Status(models.TextChoices):
        SUSPECTED = "SUSPECTED", "疑似"
        NOTIFIED = "NOTIFIED", "已反馈"
        RECTIFIED = "RECTIFIED", "已整改"
        CLOSED = "CLOSED", "已办结"
        CONFIRMED = "CONFIRMED", "已确认"
        DISMISSED = "DISMISSED", "不予认定"

    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="账号"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="findings", verbose_name="单位")
    set = models.CharField("指标体系", max_length=50)
    indicator = models.CharField("指标", max_length=50)
    criterion = models.CharField("评分细则", max_length=50)
    subject = models.CharField("对象", max_length=600)
    # What the subject names, where it is a row: a post, a message, or the finding that was rectified late. The subject
    # stays the identity of the fault.
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="信息")
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="留言")
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="late", verbose_name="原问题"
    )
    # One fault is one finding: account or unit, criterion and subject. A standing fault that is seen again in another
    # year, or after a cure, is another occurrence.
    owner = models.CharField(max_length=210)
    occurrence = models.CharField(max_length=30, blank=True)
    observed_at = models.DateTimeField("监测时间点")
    fault_on = models.DateField("问题发生日")
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="检查"
    )
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.SUSPECTED, db_index=True)
    clause = models.TextField("依据")
    reasoning = models.JSONField("认定过程", default=list)
    # What identifies the event: the times of a silence, the moment of a late reply and the like.
    detail = models.JSONField("事实", default=dict)
    evidence = models.ForeignKey(Evidence, models.PROTECT, verbose_name="证据")
    contradicted = models.BooleanField("与后到事实矛盾", default=False)
    entered_by = models.CharField("录入人", max_length=150, blank=True)
    confirmed_by = models.CharField("确认人", max_length=150, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    rectify_by = models.DateTimeField("整改期限", null=True, blank=True, db_index=True)
    rectified_at = models.DateTimeField("整改时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    dismissed_at = models.DateTimeField("不予认定时间", null=True, blank=True)
    # Empty where the system itself dismissed it, because later facts contradict. Such a fault may be raised again.
    dismissed_by = models.CharField("不予认定人", max_length=150, blank=True)
    # That of its latest `Step`: no act is done to it for an earlier moment.
    last_step_at = models.DateTimeField("最近办理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "criterion", "subject", "occurrence"], name="one_fault_one_finding"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "status"], name="finding_account_status"),
            models.Index(fields=["unit", "status"], name="finding_unit_status"),
            models.Index(fields=["observed_at", "criterion"], name="finding_observed"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.subject}"


class PutOff(models.Model):
    """以后再说: a suspicion that one person does not want to see in the queue before a day; everybody else does."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="put_off", verbose_name="谁")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="put_off", verbose_name="问题")
    until = models.DateField("到哪天")

    class Meta:
        verbose_name = verbose_name_plural = "以后再说"
        constraints = [models.UniqueConstraint(fields=["person", "finding"], name="put_off_once")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.until}"


class Step(models.Model):
    """One step in the life of a finding: who did what, when, and what was said or shown."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="history", verbose_name="问题")
    verb = models.CharField("动作", max_length=30)
    status = models.CharField("之后的状态", max_length=10, choices=Finding.Status.choices)
    by = models.CharField("操作人", max_length=150)
    position = models.CharField("岗位", max_length=20, blank=True)
    at = models.DateTimeField("时间")
    note = models.TextField("说明", blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, verbose_name="证据")

    class Meta:
        verbose_name = verbose_name_plural = "办理过程"
        ordering = ["finding", "id"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.verb}"


class Objection(models.Model):
    """申诉 against what was sent, with the answer to it."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="objections", verbose_name="问题")
    by = models.CharField("申诉人", max_length=150)
    at = models.DateTimeField("申诉时间")
    note = models.TextField("理由")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, verbose_name="证据")
    decided_by = models.CharField("答复人", max_length=150, blank=True)
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)
    upheld = models.BooleanField("申诉成立", null=True, blank=True)
    answer = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申诉"
        ordering = ["finding", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(decided_at__isnull=True), name="one_open_objection_a_finding"
            ),
        ]

    def __str__(self) -> str:
        return self.note[:30]
