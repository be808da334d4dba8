"""People who log in, the posts they hold, and the event log (操作留痕)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Post(models.TextChoices):
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
    """Somebody who may log in. What they may do follows from the posts they hold, never from this row."""

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


class PostHeld(models.Model):
    """A post that a person holds at a unit, from 00:00 of the first day to 24:00 of the last day in Shanghai."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts", verbose_name="人员")
    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="posts_held", verbose_name="单位")
    post = models.CharField("岗位", max_length=20, choices=Post.choices)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["person", "unit", "post", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "post", "starts_on"], name="one_row_a_post_held"),
            models.CheckConstraint(condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")), name="post_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_post_display()}"


class Event(models.Model):
    """One act: who, as what, when, from where, which verb, on what, before and after. Append-only, chained by SM3."""

    number = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    actor = models.CharField("操作人", max_length=150)
    post = models.CharField("岗位", max_length=20, blank=True)
    unit = models.CharField("单位", max_length=100, blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True)
    verb = models.CharField("动作", max_length=50, db_index=True)
    object_kind = models.CharField("对象", max_length=50)
    object_id = models.CharField("对象编号", max_length=200, db_index=True)
    content = models.TextField("内容", blank=True)
    previous = models.CharField("前一摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作留痕"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"
