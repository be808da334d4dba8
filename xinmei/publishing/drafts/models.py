"""A draft, its versions, what the screening said about each, who signed, and where it was published.

A version is written once and never changed; the signed one is sealed besides (`Release`). The database itself refuses
to change either (`sealed.py`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinmei.core.screening import CATEGORIES, SEVERITIES, SHELVES
from xinmei.files.models import StoredFile
from xinmei.publishing.kinds import FORM_LABELS, GENERATED, Origin
from xinmei.registry.models import Account
from xinmei.units.models import Unit


class Draft(models.Model):
    """稿件. What is written stands in its versions; `current` is the last of them.

    `drafter` is who sent it last; in DRAFT and RETURNED nobody is bound by that (`doors.drafter_of`).
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", "起草"
        CHECKING = "CHECKING", "待审核"
        SIGNING = "SIGNING", "待审签"
        RELEASED = "RELEASED", "待发布"
        PUBLISHED = "PUBLISHED", "已发布"
        RETURNED = "RETURNED", "已退回"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="drafts", verbose_name="单位")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("稿次", default=0)
    current = models.OneToOneField(
        "DraftVersion", models.PROTECT, null=True, related_name="+", verbose_name="现在的稿子"
    )
    source_reason = models.TextField("转载名单以外来源的理由", blank=True)
    form = models.CharField("形式", max_length=20, choices=list(FORM_LABELS.items()), blank=True)
    policy = models.TextField("解读的文件", blank=True)
    generated = models.CharField("人工智能生成", max_length=5, choices=list(GENERATED.items()), blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name="更正的稿件"
    )
    # Log-in names: a person is one person whatever positions they hold.
    drafter = models.CharField("拟稿人", max_length=150, blank=True)
    reviewer = models.CharField("审核人", max_length=150, blank=True)
    signatory = models.CharField("审签人", max_length=150, blank=True)
    # When it came into its state, and when it was last acted on.
    waiting_since = models.DateTimeField("自何时起")
    acted_at = models.DateTimeField("最后办理时间")
    # Until when it should be checked or signed, and when somebody is reminded next; null where there is no term.
    review_due_at = models.DateTimeField("审核限时到", null=True, blank=True)
    review_remind_at = models.DateTimeField("下次提醒", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "稿件"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "state", "waiting_since"], name="draft_waiting"),
            models.Index(
                fields=["review_remind_at"], condition=Q(review_remind_at__isnull=False), name="draft_to_remind"
            ),
        ]
        constraints = [
            # 「three people」, whatever the code says
            models.CheckConstraint(
                condition=Q(reviewer="") | ~Q(reviewer=models.F("drafter")), name="draft_reviewed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(signatory="") | (~Q(signatory=models.F("drafter")) & ~Q(signatory=models.F("reviewer"))),
                name="draft_signed_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        return self.current.title if self.current else ""


class DraftAccount(models.Model):
    """An account that the draft is meant for, in the order given."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="for_accounts", verbose_name="稿件")
    account = models.ForeignKey(Account, models.PROTECT, related_name="drafts", verbose_name="账号")
    place = models.PositiveIntegerField("次序")

    class Meta:
        verbose_name = verbose_name_plural = "稿件的账号"
        ordering = ["draft", "place"]
        constraints = [models.UniqueConstraint(fields=["draft", "account"], name="draft_names_an_account_once")]

    def __str__(self) -> str:
        return str(self.account)


class DraftVersion(models.Model):
    """一稿: written once. `accounts` are codes, sorted: their order makes no version.

    `difference` is what changed since the version before, word by word: by name, a list of [same|out|in, words].
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions", verbose_name="稿件")
    number = models.PositiveIntegerField("稿次")
    title = models.TextField("标题")
    text = models.TextField("正文", blank=True)
    origin = models.CharField("原创或转载", max_length=10, choices=Origin.choices)
    source = models.TextField("信息来源", blank=True)
    # The same words with their looks (core/layouts.py); [] is plain paragraphs.
    layout = models.JSONField("排版", default=list)
    accounts = models.JSONField("账号", default=list)
    difference = models.JSONField("与上一稿的不同", default=dict)
    by = models.CharField("写的人", max_length=150)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "稿次"
        ordering = ["draft", "number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"第 {self.number} 稿"


class Unsaved(models.Model):
    """What one person is writing on a draft and has not saved: a version only when they save it. Nobody else's is
    touched by it.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="unsaved", verbose_name="稿件")
    by = models.CharField("写的人", max_length=150)
    # The version that it started from.
    version = models.PositiveIntegerField("从第几稿写起")
    title = models.TextField("标题", blank=True)
    text = models.TextField("正文", blank=True)
    layout = models.JSONField("排版", default=list)
    # Of several windows of one person, what was typed later stays.
    number = models.PositiveBigIntegerField("第几次", default=0)
    written_at = models.DateTimeField("写的时间")
    seen_at = models.DateTimeField("还开着的时间")

    class Meta:
        verbose_name = verbose_name_plural = "没有保存的稿子"
        ordering = ["draft", "by"]
        constraints = [models.UniqueConstraint(fields=["draft", "by"], name="one_unsaved_a_person")]

    def __str__(self) -> str:
        return self.title


class DraftImage(models.Model):
    """A picture of a version, in its order."""

    version = models.ForeignKey(DraftVersion, models.CASCADE, related_name="images", verbose_name="稿次")
    place = models.PositiveIntegerField("次序")
    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "稿件图片"
        ordering = ["version", "place"]
        constraints = [models.UniqueConstraint(fields=["version", "place"], name="one_image_a_place")]

    def __str__(self) -> str:
        return self.name


class DraftHit(models.Model):
    """What the screening said about a version when it was made. Places count from 0 within the title, or the text."""

    class Part(models.TextChoices):
        TITLE = "title", "标题"
        TEXT = "text", "正文"

    version = models.ForeignKey(DraftVersion, models.CASCADE, related_name="hits", verbose_name="稿次")
    part = models.CharField("位置", max_length=5, choices=Part.choices)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    text = models.TextField("文字")
    rule = models.CharField("规则", max_length=200)
    category = models.CharField("类别", max_length=30, choices=list(CATEGORIES.items()))
    severity = models.CharField("程度", max_length=10, choices=list(SEVERITIES.items()))
    shelf = models.CharField("把握", max_length=10, choices=list(SHELVES.items()))
    suggest = models.TextField("建议", blank=True)
    clause = models.TextField("依据", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "稿件命中"
        ordering = ["version", "-part", "start", "end", "rule"]

    def __str__(self) -> str:
        return self.text


class Settlement(models.Model):
    """「保留，因为……」: one person says why words under a rule may stay, in this version and all later ones."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="settlements", verbose_name="稿件")
    rule = models.CharField("规则", max_length=200)
    text = models.TextField("文字")
    why = models.TextField("理由")
    by = models.CharField("说明人", max_length=150)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "命中说明"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "rule", "text", "by"], name="one_settlement_a_person")]

    def __str__(self) -> str:
        return self.why


class Release(models.Model):
    """What was signed: the version, the byline, and the digests over exactly these bytes. Nothing changes it."""

    draft = models.OneToOneField(Draft, models.PROTECT, related_name="release", verbose_name="稿件")
    version = models.OneToOneField(DraftVersion, models.PROTECT, related_name="release", verbose_name="稿次")
    at = models.DateTimeField("签发时间")
    byline = models.TextField("署名")
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)
    # Over the layout, where there is one: `acts.md` fixes what the two above are over.
    layout_sha256 = models.CharField("排版的 SHA-256", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "签发"

    def __str__(self) -> str:
        return self.sha256[:12]


class Publication(models.Model):
    """Where and when it was published; or why one account does not carry it. `post` and `url` name what is live."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="publications", verbose_name="稿件")
    account = models.ForeignKey(Account, models.PROTECT, related_name="publications", verbose_name="账号")
    at = models.DateTimeField("发布时间", null=True, blank=True)
    post = models.CharField("信息编号", max_length=200, blank=True)
    url = models.TextField("链接", blank=True)
    skipped = models.TextField("不发的理由", blank=True)
    by = models.CharField("登记人", max_length=150)
    taken_down_at = models.DateTimeField("撤下时间", null=True, blank=True)
    taken_down_why = models.TextField("撤下理由", blank=True)
    taken_down_by = models.CharField("撤下登记人", max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发布登记"
        ordering = ["draft", "id"]
        indexes = [models.Index(fields=["account", "post"], name="publication_post")]
        constraints = [
            models.UniqueConstraint(fields=["draft", "account"], name="one_publication_an_account"),
            models.CheckConstraint(
                condition=(Q(at__isnull=False) & Q(skipped="")) | (Q(at__isnull=True) & ~Q(skipped="")),
                name="published_or_skipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}"


class DraftStep(models.Model):
    """One act done to a draft: by whom, as the holder of which position, when, on which version."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="steps", verbose_name="稿件")
    verb = models.CharField("动作", max_length=40)
    by = models.CharField("办理人", max_length=150)
    position = models.CharField("岗位", max_length=20, blank=True)
    unit_code = models.CharField("单位代码", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    version = models.PositiveIntegerField("稿次")
    note = models.TextField("说明", blank=True)
    passages = models.JSONField("标出的段落", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "稿件经过"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.by}"
