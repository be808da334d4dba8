"""§三 accounts, and the looks at them. Every date is a day in Shanghai, every moment is aware."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from xinmei.registry.accounts.models import Incident
from xinmei.registry.closing.models import Archive, Case, Kept
from xinmei.registry.corrections.models import Report
from xinmei.registry.custody.models import Custody
from xinmei.registry.exemptions.models import Exemption
from xinmei.registry.filings.models import Announcement, Filing, FilingStep, FormerValue
from xinmei.registry.public.models import PictureAsked
from xinmei.registry.reconciling.models import Comparison, Difference, Layout
from xinmei.registry.starting.models import Confirmation
from xinmei.units.models import Unit

__all__ = [
    "Account",
    "AccountInCustody",
    "Announcement",
    "Archive",
    "Case",
    "Comparison",
    "Confirmation",
    "Custody",
    "Difference",
    "Exemption",
    "Filing",
    "FilingStep",
    "FormerValue",
    "Incident",
    "Kept",
    "Layout",
    "Look",
    "PictureAsked",
    "ReadingChange",
    "Report",
]


class Account(models.Model):
    """政务新媒体账号, in the name of its 主办单位."""

    class Platform(models.TextChoices):
        WECHAT = "wechat", "微信"
        WEIBO = "weibo", "微博"
        DOUYIN = "douyin", "抖音"
        KUAISHOU = "kuaishou", "快手"
        TOUTIAO = "toutiao", "今日头条"
        XIAOHONGSHU = "xiaohongshu", "小红书"
        BILIBILI = "bilibili", "哔哩哔哩"
        WECHAT_CHANNELS = "wechat_channels", "视频号"
        APP = "app", "客户端"
        MINI_PROGRAM = "mini_program", "小程序"
        OTHER = "other", "其他"

    class Status(models.TextChoices):
        ACTIVE = "active", "在用"
        CLOSING = "closing", "拟关停"
        CLOSED = "closed", "已关停"
        DEREGISTERED = "deregistered", "已注销"
        UNFILED = "unfiled", "未备案"

    # In service: what the notice asks of an account is asked of these.
    SERVING = (Status.ACTIVE, Status.CLOSING, Status.UNFILED)
    KIND_LABELS = {"subscription": "订阅号", "service": "服务号"}

    code = models.CharField("账号编号", max_length=200, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="accounts", verbose_name="主办单位")
    platform = models.CharField("平台", max_length=20, choices=Platform.choices)
    kind = models.CharField("类型", max_length=100, blank=True)
    name = models.CharField("账号名称", max_length=500)
    handle = models.CharField("平台账号", max_length=500, blank=True)
    url = models.TextField("链接", blank=True)
    verification = models.TextField("认证信息", blank=True)
    opened_on = models.DateField("开设日期")
    status = models.CharField("状态", max_length=20, choices=Status.choices)
    closed_on = models.DateField("关停日期", null=True, blank=True)
    announced_on = models.DateField("公告开始日期", null=True, blank=True)
    filed_city_on = models.DateField("报市政府办公室备案日期", null=True, blank=True)
    filed_national_on = models.DateField("国家系统备案日期", null=True, blank=True)
    filed_provincial_on = models.DateField("省系统备案日期", null=True, blank=True)
    followers = models.BigIntegerField("粉丝量", null=True, blank=True)
    contact = models.CharField("联系人", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=200, blank=True)
    # The last act on the account itself (what is imported is none).
    acted_at = models.DateTimeField("最后办理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="account_closed_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page, which bears the name of the kind: the room that draws it stands higher."""
        return reverse(str(Account._meta.model_name), args=[self.code])


class AccountInCustody(Account):
    """The account as something that somebody holds: what is done to its custody is no act on its register."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "账号的掌管"


class Look(models.Model):
    """One look at an account by one feed over a window of time (观察).

    Not seen is not absent: only `complete` looks cover a span.
    """

    class Outcome(models.TextChoices):
        COMPLETE = "complete", "完整"
        PARTIAL = "partial", "不完整"
        FAILED = "failed", "失败"

    account = models.ForeignKey(Account, models.CASCADE, related_name="looks", verbose_name="账号")
    feed = models.CharField("来源通道", max_length=100)
    window_start = models.DateTimeField("起")
    window_end = models.DateTimeField("止")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    reason = models.TextField("原因", blank=True)
    profile = models.JSONField("当时的账号资料", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "观察"
        ordering = ["account", "window_start", "feed"]
        constraints = [
            models.UniqueConstraint(fields=["account", "feed", "window_start"], name="one_look_a_window"),
            models.CheckConstraint(
                condition=models.Q(window_end__gte=models.F("window_start")), name="look_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.feed} {self.window_end:%Y-%m-%d %H:%M}"


class ReadingChange(models.Model):
    """解释口径的变更: proposed by one person, approved by another; in force from a day on, until another one takes its
    place.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待批准"
        APPROVED = "approved", "已批准"
        REJECTED = "rejected", "未批准"

    name = models.CharField("口径", max_length=50)
    choice = models.CharField("取值", max_length=50)
    starts_on = models.DateField("自")
    reason = models.TextField("理由")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.CharField("提出人", max_length=150)
    proposed_name = models.CharField("提出人姓名", max_length=150)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.CharField("批准人", max_length=150, blank=True)
    decided_name = models.CharField("批准人姓名", max_length=150, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    decided_why = models.TextField("批准意见", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "解释口径的变更"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(state="waiting"), name="one_waiting_change_a_reading"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="reading_approved_by_a_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.choice}"
