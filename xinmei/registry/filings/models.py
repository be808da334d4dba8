"""What a filing is: what is asked, where it stands, each step, each announcement, and what an account was before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.files.models import StoredFile
from xinmei.people import labels
from xinmei.people.models import Position
from xinmei.units.models import Unit


class Filing(models.Model):
    """备案: one matter of one unit. `unit` is the host; after a change of unit, the receiver.

    `announced_on` and `allowed_from` are those of the announcement that stands. `before` keeps what the account was
    before the announcement. Offices are fixed when it is submitted; it has been submitted where they are.
    """

    class Matter(models.TextChoices):
        OPEN = "OPEN", "开设"
        CHANGE = "CHANGE", "变更"
        SHUT_DOWN = "SHUT_DOWN", "关停"
        DEREGISTER = "DEREGISTER", "注销"

    class State(models.TextChoices):
        DRAFT = "DRAFT", "拟稿"
        SUPERVISOR = "SUPERVISOR", "待主管单位审核"
        REVIEW = "REVIEW", "待同级政府办公室审核"
        ANNOUNCE = "ANNOUNCE", "公告"
        CITY = "CITY", "待市政府办公室备案"
        CARRY_OUT = "CARRY_OUT", "待办理"
        REGISTER = "REGISTER", "待登记"
        DONE = "DONE", "已办结"
        RETURNED = "RETURNED", "已退回"
        REFUSED = "REFUSED", "未同意"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    class Consent(models.TextChoices):
        COLLECTIVE = "collective", "集体研究"
        LEADER = "leader", "主要领导同意"

    matter = models.CharField("事项", max_length=10, choices=Matter.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="filings", verbose_name="主办单位")
    account = models.ForeignKey(
        "registry.Account", models.PROTECT, null=True, related_name="filings", verbose_name="账号"
    )
    # 补办备案: the account was there before.
    is_late_opening = models.BooleanField("补办备案", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("第几稿", default=1)
    waiting_since = models.DateTimeField("自何时起")
    # Until when the step that it stands at should be done; after that the next office sees it too.
    step_due_at = models.DateTimeField("这一步的期限", null=True)
    last_step_at = models.DateTimeField("最后一步")

    profile = models.JSONField("账号资料", null=True)
    changes = models.JSONField("变更内容", null=True)
    receiver = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="接收单位")
    reason = models.TextField("理由", blank=True)
    successor = models.JSONField("去向", null=True)
    consent_by = models.CharField("同意方式", max_length=10, choices=Consent.choices, blank=True)
    consent_on = models.DateField("同意日期", null=True)
    consent_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="集体研究或领导同意的材料"
    )
    consent_file_name = models.CharField("材料名称", max_length=200, blank=True)
    incident = models.ForeignKey(
        "registry.Incident", models.PROTECT, null=True, related_name="filings", verbose_name="账号异常"
    )

    supervisor = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="主管单位")
    reviewing_office = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="同级政府办公室"
    )
    submitted_at = models.DateTimeField("最近一次报送", null=True)
    approved_on = models.DateField("最近一次审核同意", null=True)
    agreed_by = models.CharField("同意接收的人", max_length=150, blank=True)
    problems = models.JSONField("发现的问题", default=list)
    accepted = models.JSONField("认可的问题", default=list)

    announced_on = models.DateField("公告首日", null=True)
    allowed_from = models.DateField("可以办理之日", null=True)
    brought_along = models.BooleanField("公告在报送以前", default=False)
    announcement_ended = models.BooleanField("公告曾经撤销", default=False)
    before = models.JSONField("公告以前的账号", null=True)
    filed_city_on = models.DateField("报市政府办公室备案日期", null=True)
    carried_out_on = models.DateField("办理日期", null=True)
    register_by = models.DateTimeField("登记期限", null=True)
    provisional = models.BooleanField("期限暂定", default=False)
    national_on = models.DateField("国家系统登记日期", null=True)
    national_number = models.CharField("国家系统登记号", max_length=200, blank=True)
    provincial_on = models.DateField("省系统登记日期", null=True)
    provincial_number = models.CharField("省系统登记号", max_length=200, blank=True)
    # 补办备案: the days of registration that the account had before.
    registered_before = models.JSONField("以前的登记日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "waiting_since"], name="filing_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(carried_out_on__isnull=True) | Q(filed_city_on__isnull=False),
                name="filing_carried_out_after_filed",
            ),
            models.CheckConstraint(
                condition=Q(announced_on__isnull=True, allowed_from__isnull=True)
                | Q(announced_on__isnull=False, allowed_from__isnull=False),
                name="filing_announced_with_its_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_matter_display()}备案 {self.pk}"


class FilingStep(models.Model):
    """One act on a filing: who, as what, when."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="steps", verbose_name="备案")
    verb = models.CharField("动作", max_length=50)
    by = models.CharField("经办人", max_length=150)
    name = models.CharField("经办人姓名", max_length=150, blank=True)
    post = models.CharField("岗位", max_length=20, blank=True)
    unit = models.CharField("单位代码", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    note = models.TextField("意见", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "备案的一步"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.verb}"

    @property
    def label(self) -> str:
        """The act in Chinese."""
        return labels.verb(f"filing.{self.verb}")

    @property
    def position_name(self) -> str:
        """The position in Chinese."""
        return str(Position(self.post).label) if self.post in Position.values else ""


class Announcement(models.Model):
    """公告: its text as it stands on the public page from `on`; 已撤销 from `ended_on`."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="announcements", verbose_name="备案")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="主办单位")
    account = models.ForeignKey("registry.Account", models.PROTECT, related_name="+", verbose_name="账号")
    text = models.TextField("全文")
    on = models.DateField("首日")
    allowed_from = models.DateField("可以办理之日")
    url = models.TextField("公告链接", blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="公告截图")
    file_name = models.CharField("附件名称", max_length=200, blank=True)
    at = models.DateTimeField("登记时间")
    ended_on = models.DateField("撤销日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "公告"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.text[:30]


class FormerValue(models.Model):
    """What an account was: the value of one item of the register until the day on which a filing changed it."""

    account = models.ForeignKey("registry.Account", models.CASCADE, related_name="former", verbose_name="账号")
    item = models.CharField("登记项", max_length=20)
    value = models.TextField("原来的", blank=True)
    until = models.DateField("到哪天（不含）")
    filing = models.ForeignKey(Filing, models.PROTECT, related_name="+", verbose_name="备案")

    class Meta:
        verbose_name = verbose_name_plural = "账号的历史"
        ordering = ["account", "until", "id"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "item"], name="one_former_value_an_item"),
            models.CheckConstraint(condition=~Q(item=""), name="former_value_names_its_item"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.item} {self.until}"
