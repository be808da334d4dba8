"""People who log in, the positions they hold, and the event log (操作留痕)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from xinmei.core.calendar import SHANGHAI
from xinmei.units.models import Unit


class Position(models.TextChoices):
    """岗位: what a person may hold at a unit; what each may see and do stands in `doors`."""

    EDITOR = "editor", "编辑（拟稿）"
    SECTION_HEAD = "section_head", "审核（处科室负责人）"
    LEADER = "leader", "审签（分管领导）"
    UNIT_ADMIN = "unit_admin", "单位管理员"
    SUPERVISOR = "supervisor", "主管（县区、系统）"
    INSPECTOR = "inspector", "市检查员"
    INSPECTOR_HEAD = "inspector_head", "市检查负责人"
    OBSERVER = "observer", "宣传、网信观察员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class People(BaseUserManager["Person"]):
    """People found by their log-in name, as it was given."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(login=username)


class Person(AbstractBaseUser):
    """Somebody who may log in. What they may do follows from the positions they hold, never from this row."""

    login = models.CharField("登录名", max_length=150, unique=True)
    name = models.CharField("姓名", max_length=100)
    phone = models.CharField("电话", max_length=50, blank=True)
    email = models.CharField("邮箱", max_length=254, blank=True)
    is_active = models.BooleanField("可登录", default=True)
    must_change_password = models.BooleanField("须改口令", default=True)
    password_changed_at = models.DateTimeField("口令修改时间", null=True, blank=True)

    objects = People()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["login"]

    def __str__(self) -> str:
        return self.name


class PositionHeld(models.Model):
    """A position that a person holds at a unit, from 00:00 of the first day to 24:00 of the last day in Shanghai."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="positions", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="positions_held", verbose_name="单位")
    position = models.CharField("岗位", max_length=20, choices=Position.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["person", "unit", "position", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "position", "starts_on"], name="one_row_a_position_held"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="position_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_position_display()}"


class Delegation(models.Model):
    """代: somebody of the same unit stands in for the holder of a position.

    It runs from 00:00 of the first day to 24:00 of the last. It cannot be passed on.
    """

    position_held = models.ForeignKey(PositionHeld, models.CASCADE, related_name="delegations", verbose_name="岗位")
    person = models.ForeignKey(Person, models.CASCADE, related_name="standing_in", verbose_name="代行人")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    given_at = models.DateTimeField("登记时间")
    ended_at = models.DateTimeField("提前终止时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "代行"
        ordering = ["position_held", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="delegation_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} 代 {self.position_held}"


class PositionProposal(models.Model):
    """A position to be given or ended.

    The system administrator proposes it; the security administrator approves it or not.
    """

    class Change(models.TextChoices):
        GIVE = "give", "授予"
        END = "end", "终止"

    class State(models.TextChoices):
        WAITING = "waiting", "待批准"
        APPROVED = "approved", "已批准"
        REJECTED = "rejected", "未批准"

    change = models.CharField("变动", max_length=10, choices=Change.choices)
    person = models.ForeignKey(Person, models.CASCADE, related_name="proposals", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    position = models.CharField("岗位", max_length=20, choices=Position.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    # Of an ending: the row that ends.
    position_held = models.ForeignKey(
        PositionHeld, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name="任职"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField("理由", blank=True)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "岗位变动"
        ordering = ["-proposed_at"]

    @property
    def is_at_once(self) -> bool:
        """Whether the position is to end as soon as that is approved: its last day was over when it was proposed."""
        if self.change != self.Change.END or self.ends_on is None:
            return False
        return self.ends_on < self.proposed_at.astimezone(SHANGHAI).date()

    def __str__(self) -> str:
        return f"{self.get_change_display()} {self.person} {self.get_position_display()}"


class HandOver(models.Model):
    """交接 of a position: a check-list that both the one who leaves and the one who takes over confirm."""

    position_held = models.ForeignKey(PositionHeld, models.CASCADE, related_name="hand_overs", verbose_name="岗位")
    successor = models.ForeignKey(Person, models.CASCADE, related_name="hand_overs", verbose_name="接手人")
    # item of the check-list -> whether it is done
    items = models.JSONField("清单")
    opened_at = models.DateTimeField("发起时间")
    given_at = models.DateTimeField("移交人确认时间", null=True, blank=True)
    taken_at = models.DateTimeField("接手人确认时间", null=True, blank=True)

    class State(models.TextChoices):
        OPENED = "opened", "待移交人确认"
        GIVEN = "given", "待接手人确认"
        TAKEN = "taken", "已完成"

    class Meta:
        verbose_name = verbose_name_plural = "交接"
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.position_held} → {self.successor}"

    @property
    def state(self) -> State:
        """Who has confirmed."""
        return self.State.TAKEN if self.taken_at else self.State.GIVEN if self.given_at else self.State.OPENED

    def get_state_display(self) -> str:
        """Whose turn it is, in Chinese."""
        return str(self.state.label)


class OldPassword(models.Model):
    """The hash of a password used before: 等保 forbids the last five."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="old_passwords", verbose_name="人员")
    password = models.CharField("口令摘要", max_length=128)
    replaced_at = models.DateTimeField("停用时间")

    class Meta:
        verbose_name = verbose_name_plural = "用过的口令"
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return f"{self.person} {self.replaced_at:%Y-%m-%d}"


class Attempt(models.Model):
    """One try to log in. It is written before the password is looked at, so that parallel guesses are counted too."""

    login = models.CharField("登录名", max_length=150)
    address = models.CharField("来源地址", max_length=64)
    at = models.DateTimeField("时间")
    # False: right, or refused before the password was looked at
    wrong = models.BooleanField("口令错误")

    class Meta:
        verbose_name = verbose_name_plural = "登录尝试"
        indexes = [
            models.Index(fields=["login", "address", "at"], name="attempt_login"),
            models.Index(fields=["address", "at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.login} {self.at:%Y-%m-%d %H:%M:%S}"


class SignedIn(models.Model):
    """会话: where and since when somebody is logged in. The row goes when the session ends."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="sessions", verbose_name="人员")
    session_key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近活动时间")
    address = models.CharField("来源地址", max_length=64, blank=True)
    agent = models.CharField("浏览器", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会话"
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.person} {self.address}"


class Token(models.Model):
    """令牌: a program acts by it in one position of its owner. Only its digest is kept; it is shown once.

    It ends at `ends_at`, when somebody ends it, and with the position.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens", verbose_name="人员")
    position_held = models.ForeignKey(PositionHeld, models.CASCADE, related_name="tokens", verbose_name="岗位")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    # Made by a program that acted by this one: it ends with it.
    made_with = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("生成时间")
    ends_at = models.DateTimeField("到期时间")
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)
    uses = models.PositiveBigIntegerField("使用次数", default=0)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    last_address = models.CharField("最近来源地址", max_length=64, blank=True)
    # How often within which minute since 1970: no more than the setting allows.
    minute = models.BigIntegerField(default=0)
    uses_in_minute = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "令牌"
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class SecondFactor(models.Model):
    """动态口令 (TOTP): the secret, sealed with a key outside of the database.

    The last step that was used is kept, so that no code works twice.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="second_factor", verbose_name="人员")
    sealed_secret = models.TextField()
    enrolled_at = models.DateTimeField("启用时间")
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "动态口令"

    def __str__(self) -> str:
        return str(self.person)


class RecoveryCode(models.Model):
    """A code to be used once in place of the second factor; only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="recovery_codes", verbose_name="人员")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self) -> str:
        return str(self.person)


class Event(models.Model):
    """One act: who, as what, when, from where, which verb, on what, before and after. Append-only, chained by SM3.

    It is written in the transaction of the act, without a number; `people.sealing` numbers and chains it behind the
    commit. The number is the place in the chain; the id says only which row it is.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField("序号", unique=True, null=True, editable=False)
    at = models.DateTimeField("时间", db_index=True)
    actor = models.CharField("操作人", max_length=150)
    # Sealed under its old name: the column and the chain keep it (`chain.FIELDS`).
    position = models.CharField("岗位", max_length=20, blank=True, db_column="post")
    unit = models.CharField("单位", max_length=100, blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True)
    verb = models.CharField("动作", max_length=50, db_index=True)
    object_kind = models.CharField("对象", max_length=50)
    object_id = models.CharField("对象编号", max_length=200, db_index=True)
    content = models.TextField("内容", blank=True)
    # Null until sealed, as the number is.
    previous = models.CharField("前一摘要", max_length=64, null=True, editable=False)
    digest = models.CharField("摘要", max_length=64, unique=True, null=True, editable=False)
    # By the clock of the database, so that the age of what waits can be told whatever moment an act names. Events from
    # before have none.
    written_at = models.DateTimeField("写入时间", null=True, editable=False, db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "操作留痕"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(number__isnull=True), name="event_unsealed")]

    def __str__(self) -> str:
        return f"{self.number or '（待封存）'} {self.verb}"


class Particular(models.Model):
    """Personal data that an event speaks of.

    The event holds only a keyed commitment (HMAC-SM3), so this row can be erased together with its key.
    """

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="particulars", db_constraint=False, verbose_name="留痕"
    )
    name = models.CharField("项目", max_length=50)
    value = models.TextField("内容")
    key = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "留痕中的个人信息"
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="one_particular_of_a_name")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.name}"


class SavedView(models.Model):
    """常用筛选: a list as one person likes to see it, by a name of their own: the address of the list and its query."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views", verbose_name="人员")
    path = models.CharField("列表", max_length=300)
    query = models.CharField("条件", max_length=2000)
    name = models.CharField("名称", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["person", "path", "name"], name="one_saved_view_a_name")]

    def __str__(self) -> str:
        return self.name
