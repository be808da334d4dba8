"""What was compared, what differed, what people decided about it; and how a sheet's columns are to be read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.files.models import StoredFile
from xinmei.units.models import Unit


class System(models.TextChoices):
    """Where an export comes from."""

    NATIONAL = "national", "国家系统"
    PROVINCIAL = "provincial", "省系统"
    PLATFORM = "platform", "平台"


class Layout(models.Model):
    """表头对应: which column of a header that nobody knew holds what; told once, used for every such sheet."""

    digest = models.CharField("表头摘要", max_length=64, unique=True)
    header = models.JSONField("表头")
    columns = models.JSONField("各项对应的表头")
    by = models.CharField("对应人", max_length=150)
    at = models.DateTimeField("对应时间")

    class Meta:
        verbose_name = verbose_name_plural = "表头对应"

    def __str__(self) -> str:
        return "、".join(self.header)


class Comparison(models.Model):
    """对账: one export held against the register.

    `unit` is the office that brought it; `of_unit` where it is only about that unit and those below it.
    """

    class State(models.TextChoices):
        READING = "READING", "正在核对"
        UNKNOWN = "UNKNOWN", "没有认出表头"
        FAILED = "FAILED", "读不出来"
        DONE = "DONE", "已核对"

    system = models.CharField("系统", max_length=20, choices=System.choices)
    platform = models.CharField("平台", max_length=20, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="上传单位")
    of_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="只核对")
    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    by = models.CharField("上传人", max_length=150)
    at = models.DateTimeField("上传时间")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.READING)
    acted_at = models.DateTimeField("最后一步")
    why = models.TextField("原因", blank=True)
    header = models.JSONField("没有认出的表头", default=list)
    headers = models.JSONField("各项的表头", default=dict)
    unknown_words = models.JSONField("没有认出的写法", default=dict)
    rows = models.PositiveIntegerField("行数", default=0)
    found = models.PositiveIntegerField("不一致", default=0)
    new = models.PositiveIntegerField("新出现的", default=0)
    gone = models.PositiveIntegerField("已消失的", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "对账"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.name}"


class Difference(models.Model):
    """两本账的一处不一致: known again by `key` in the next export, and settled once.

    `standing`: the last export still has it. `said` is what the row says, without personal data.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", "对方没有"
        EXTRA = "extra", "对方多出"
        DIFFERENT = "different", "不一致"
        NEAR = "near", "像是"

    class State(models.TextChoices):
        OPEN = "OPEN", "待处理"
        SETTLED = "SETTLED", "已处理"

    class How(models.TextChoices):
        OURS = "ours", "以本平台为准，到对方系统改"
        THEIRS = "theirs", "以对方为准，报送备案"
        NOT_SAME = "not_same", "不是同一个账号"
        IGNORE = "ignore", "不用处理"

    system = models.CharField("系统", max_length=20, choices=System.choices)
    platform = models.CharField("平台", max_length=20, blank=True)
    key = models.CharField("识别码", max_length=64)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    account = models.ForeignKey(
        "registry.Account", models.CASCADE, null=True, related_name="differences", verbose_name="账号"
    )
    field = models.CharField("登记项", max_length=20, blank=True)
    ours = models.TextField("本平台", blank=True)
    theirs = models.TextField("对方", blank=True)
    near = models.JSONField("相近的账号", default=list)
    said = models.JSONField("对方的登记", default=dict)
    row = models.CharField("第几行", max_length=100, blank=True)
    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="differences", verbose_name="最近一次对账")
    first_at = models.DateTimeField("最早发现")
    standing = models.BooleanField("仍不一致", default=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    how = models.CharField("处理", max_length=10, choices=How.choices, blank=True)
    meant = models.ForeignKey("registry.Account", models.SET_NULL, null=True, related_name="+", verbose_name="就是")
    why = models.TextField("理由", blank=True)
    by = models.CharField("处理人", max_length=150, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "两本账的不一致"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "platform", "key"], name="one_difference_a_key"),
            models.CheckConstraint(
                condition=Q(state="OPEN", how="") | (Q(state="SETTLED") & ~Q(how="")),
                name="settled_difference_says_how",
            ),
        ]
        indexes = [models.Index(fields=["standing", "unit"], name="difference_standing")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ours or self.theirs}"
