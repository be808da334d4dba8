"""The door out: what somebody is told, and each way by which it goes to them (提醒、反馈、督办)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.people.models import Person
from xinmei.units.models import Unit


class Notice(models.Model):
    """What one person is told, or the holders of certain positions at a unit (without a unit: in the whole city).

    Written in the transaction of the act that causes it. `thing` is the row of the first table of doors that its
    content falls under ("": it is about its reader alone). `about` is the unit that the content belongs to: whoever
    does not reach it there does not get the notice.
    """

    class Kind(models.TextChoices):
        SENT = "sent", "问题反馈"
        RETURNED = "returned", "复查退回"
        DISMISSED = "dismissed", "不予认定"
        OBJECTION = "objection", "申诉"
        ANSWER = "answer", "申诉答复"
        REMINDER = "reminder", "提醒"
        ORDER = "order", "督办"
        ESCALATION = "escalation", "逾期督办"
        STAND_IN = "stand_in", "代行和交接"
        BRIEF = "brief", "每日情况"
        INCIDENT = "incident", "账号异常"
        REPORT = "report", "公众纠错"
        CUSTODY = "custody", "账号交接"
        FILING = "filing", "备案"
        DRAFT = "draft", "稿件"
        MESSAGE = "message", "留言"

    class Audience(models.TextChoices):
        PERSON = "person", "本人"
        EDITORS = "editors", "编辑、单位管理员"
        SECTION_HEADS = "section_heads", "审核人"
        LEADERS = "leaders", "分管领导"
        UNIT = "unit", "全单位"
        SUPERVISORS = "supervisors", "主管"
        INSPECTORS = "inspectors", "市检查员"
        HEADS = "heads", "市检查负责人"

    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    # The same matter is told to the same people once: two workers, a repeated act and a second run meet here.
    key = models.CharField(max_length=100)
    audience = models.CharField("收件人", max_length=20, choices=Audience.choices)
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name="收件单位"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name="收件人"
    )
    thing = models.CharField(max_length=30, blank=True)
    about = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="所涉单位")
    title = models.CharField("标题", max_length=300)
    text = models.TextField("内容", blank=True)
    address = models.CharField("去办理", max_length=300)
    # What it speaks of, as [kind, number]: its page shows these as they stand now, with the acts that help.
    things = models.JSONField("所涉事项", default=list, blank=True)
    # Goes by SMS too.
    urgent = models.BooleanField("紧急", default=False)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "audience", "kind", "key"], condition=Q(unit__isnull=False), name="one_notice_a_unit"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "key"], condition=Q(person__isnull=False), name="one_notice_a_person"
            ),
            models.UniqueConstraint(
                fields=["audience", "kind", "key"],
                condition=Q(unit__isnull=True, person__isnull=True),
                name="one_notice_in_the_city",
            ),
            models.CheckConstraint(
                condition=Q(audience="person", person__isnull=False, unit__isnull=True)
                | (~Q(audience="person") & Q(person__isnull=True)),
                name="notice_has_one_recipient",
            ),
            models.CheckConstraint(condition=Q(thing="") | Q(about__isnull=False), name="notice_says_whose_it_is"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def way(self) -> str:
        """The one link that a mail or a robot carries: to its cards where it has some, else to its matter."""
        return f"/notices/{self.pk}/" if self.things else self.address


class NoticeRead(models.Model):
    """阅知: who opened a notice, and when first."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="readers", verbose_name="消息")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="人员")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "阅知"
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="one_read_a_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.notice}"


class Delivery(models.Model):
    """One notice on its way by one channel to one person, or to the robot of a unit's group.

    It is claimed by moving `next_try_at` ahead: after a crash it is tried again, under the same number. Deliveries to
    one address at one time go as one message; `lead` is the delivery whose number that message carries, every time.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "邮件"
        ROBOT = "robot", "工作群机器人"
        SMS = "sms", "短信"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发出"
        FAILED = "failed", "未送达"
        DROPPED = "dropped", "不再发送"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", verbose_name="消息")
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="收件人")
    # The code of the unit whose group the robot speaks to; "" is that of the city's inspectors.
    robot = models.CharField("工作群", max_length=200, blank=True)
    lead = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="together", verbose_name="同信"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField("已试次数", default=0)
    next_try_at = models.DateTimeField("下次发送")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    last_error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "投递"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "person"], condition=Q(person__isnull=False), name="one_delivery_a_person"
            ),
            models.UniqueConstraint(
                fields=["notice", "channel", "robot"], condition=Q(person__isnull=True), name="one_delivery_a_robot"
            ),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="delivery_waiting")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.notice}"


class NoEmail(models.Model):
    """Somebody who does not want notices by e-mail: the one thing that a person chooses."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="no_email", verbose_name="人员")

    class Meta:
        verbose_name = verbose_name_plural = "不收邮件"

    def __str__(self) -> str:
        return str(self.person)
