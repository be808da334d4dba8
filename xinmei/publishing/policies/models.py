"""Documents that need explaining, and the posts that explain them or may."""

from __future__ import annotations

from django.db import models

from xinmei.publishing.kinds import FORM_LABELS


class Policy(models.Model):
    """要解读的文件. What comes of it is reckoned from the posts that were seen (`reckoning.py`) and stored here.

    `seen`: three-valued. An explainer was seen; none was, and complete looks cover the days; or nobody can tell.
    """

    class Seen(models.TextChoices):
        EXPLAINED = "explained", "已解读"
        ABSENT = "absent", "没有看到解读"
        UNSEEN = "unseen", "看不清"

    number = models.CharField("文号", max_length=200, unique=True)
    title = models.CharField("文件名称", max_length=500)
    issued_on = models.DateField("印发日期")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="policies", verbose_name="解读单位")
    why = models.CharField("为什么要解读", max_length=500, blank=True)
    # An import writes the five above, past the ORM; the rest has what the database gives.
    added_by = models.CharField("登记人", max_length=150, default="", db_default="", editable=False)
    added_at = models.DateTimeField("登记时间", null=True, editable=False)
    excused = models.TextField("不用解读的理由", default="", db_default="", editable=False)
    excused_by = models.CharField("办理人", max_length=150, default="", db_default="", editable=False)
    excused_at = models.DateTimeField("办理时间", null=True, editable=False)
    owed_from = models.DateField("自哪天起提醒", null=True, editable=False)
    explained_at = models.DateTimeField("最早的解读", null=True, editable=False)
    seen = models.CharField(
        "看到的", max_length=10, choices=Seen.choices, default="unseen", db_default="unseen", editable=False
    )
    unseen_why = models.CharField("为什么看不清", max_length=200, default="", db_default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "要解读的文件"
        ordering = ["-issued_on", "number"]
        indexes = [models.Index(fields=["unit", "issued_on"], name="policy_unit_issued")]

    def __str__(self) -> str:
        return self.title


class Explainer(models.Model):
    """解读: a post that explains a document, or that may. Only what is `COUNTED` counts; a person settles what may be.

    `by` empty: nobody has settled it, and the next reckoning may take it away again.
    """

    FORM_LABELS = FORM_LABELS

    class State(models.TextChoices):
        OFFERED = "OFFERED", "像是解读，待认定"
        COUNTED = "COUNTED", "是解读"
        REJECTED = "REJECTED", "不是解读"

    class How(models.TextChoices):
        NUMBER = "number", "写明解读这份文件"
        DRAFT = "draft", "稿件写明解读这份文件"
        ALIKE = "alike", "相近"
        PERSON = "person", "由人对上"

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="explainers", verbose_name="文件")
    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="explains", verbose_name="信息")
    state = models.CharField("状态", max_length=10, choices=State.choices)
    how = models.CharField("怎样对上", max_length=10, choices=How.choices)
    why = models.CharField("为什么像", max_length=100, blank=True)
    form = models.CharField("形式", max_length=50, blank=True, choices=list(FORM_LABELS.items()))
    found_at = models.DateTimeField("对上时间")
    by = models.CharField("认定人", max_length=150, blank=True)
    settled_at = models.DateTimeField("认定时间", null=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "解读"
        ordering = ["policy", "id"]
        constraints = [models.UniqueConstraint(fields=["policy", "post"], name="one_explainer_a_post")]
        indexes = [models.Index(fields=["policy", "state"], name="explainer_policy_state")]

    def __str__(self) -> str:
        return str(self.post)

    @property
    def form_said(self) -> str:
        """The form in Chinese; what nobody said is unknown."""
        return FORM_LABELS.get(self.form, "未写形式")
