"""What is given when a draft is written, or amended by a reviewer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from xinmei.core.layouts import NotALayout, read, words_of
from xinmei.core.sources import is_approved
from xinmei.files.keeping import load
from xinmei.pages.fields import Fields, FilesField, NumberOf, choice_field, line_field, text_field
from xinmei.pages.uploads import LARGEST
from xinmei.people.doors import day_of
from xinmei.publishing.columns.doors import template_named
from xinmei.publishing.columns.starting import begin_with
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.drafts.forms import OnVersion, version_field
from xinmei.publishing.models import Draft, Post
from xinmei.publishing.sources.queries import names_on
from xinmei.registry.models import Account
from xinmei.units.models import Unit

LONGEST_TITLE, LONGEST_TEXT = 300, 50_000


def _title_of(words: str) -> str:
    if "\n" in words or "\r" in words:
        raise forms.ValidationError("标题只写一行。")
    return words


def _text_of(words: str) -> str:
    """Browsers send line ends of two characters; the released bytes have one."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


class _Unseen(forms.Textarea):
    """A field that the editor fills in; the browser keeps what it held, as it keeps a text."""

    input_type = "hidden"


class LayoutField(forms.JSONField):
    """The looks of the text: blocks of `kind` and `runs`, as core/layouts.py reads them."""

    def __init__(self) -> None:
        super().__init__(
            label="排版",
            required=False,
            widget=_Unseen(attrs={"hidden": True, "data-layout": ""}),
            error_messages={"invalid": "排版应写成一列。"},
        )

    def prepare_value(self, value: Any) -> Any:
        """Nothing, where it is plain paragraphs."""
        return super().prepare_value(value) if value else ""

    def clean(self, value: Any) -> Any:
        """In its one form."""
        try:
            return read(super().clean(value) or [])
        except NotALayout as wrong:
            raise forms.ValidationError(str(wrong)) from None


class WriteFields(Fields):
    """A draft. What JSON does not name stays as it is."""

    accounts = forms.MultipleChoiceField(label="发到哪些账号", widget=forms.CheckboxSelectMultiple)
    origin = choice_field("原创还是转载", Post.Origin.choices)
    source = line_field("信息来源", help_text="转载的要写，原则上只用名单内的稿源单位。")
    source_reason = text_field("为什么用名单以外的来源", help_text="来源不在稿源单位名单内的要写。", longest=500)
    title = line_field("标题", required=True, longest=LONGEST_TITLE)
    text = text_field("正文", longest=LONGEST_TEXT)
    layout = LayoutField()
    images = FilesField("图片", help_text="按次序选；重新选择就整组替换。", accept="image/*")
    form = choice_field("形式", [("", "（不写）"), *Post.FORM_LABELS.items()], required=False)
    policy = line_field("解读的文件", help_text="解读政策文件的，写文号或名称。", longest=500)
    generated = choice_field(
        "人工智能生成的内容",
        [("", "没有"), *Post.GENERATED.items()],
        required=False,
        help_text="有的要声明：文字里要写明，发布时再在平台上勾选声明。",
    )
    corrects = NumberOf(label="更正哪篇稿件", required=False, max_length=18, help_text="已发布稿件的编号；账号要相同。")
    version = version_field(required=False)

    def prepare(self) -> None:
        """The accounts of the unit in service; without JSON's word what stands stays."""
        unit = self.on.unit_id if self.on is not None else getattr(self.acting, "unit_id", None)
        self.left: dict[str, forms.Field] = {}
        rows = Account.objects.filter(status__in=Account.SERVING).order_by("code")
        if unit is not None:
            rows = rows.filter(unit=unit)
        self.own = {row.code: row for row in rows}
        self.fields["accounts"].choices = [  # type: ignore[attr-defined]
            (code, f"{row.name}（{row.get_platform_display()}）") for code, row in self.own.items()
        ]
        self.fields["text"].widget.attrs["rows"] = 14
        if self.on is None:
            self._begin()
            return
        self.fields["version"].initial = self.on.version
        if self.named is not None:
            self.left = {name: self.fields.pop(name) for name in self.fields.keys() - self.named}

    def _begin(self) -> None:
        """A new draft begins with the template that the address of the page names."""
        template = template_named(self.acting, str(self.initial.get("template", ""))) if self.acting else None
        if template is not None and self.at is not None:
            self.initial = {**self.initial, **begin_with(template, day_of(self.at))}

    def standing(self) -> Mapping[str, Any]:
        """What the draft has: filled in on the page."""
        draft: Draft | None = self.on
        if draft is None or draft.current is None:
            return {}
        now = draft.current
        return {
            "accounts": [one.account.code for one in draft.for_accounts.select_related("account")],
            "origin": now.origin,
            "source": now.source,
            "source_reason": draft.source_reason,
            "title": now.title,
            "text": now.text,
            "layout": now.layout,
            "form": draft.form,
            "policy": draft.policy,
            "generated": draft.generated,
            "corrects": str(draft.corrects_id or ""),
        }

    def clean_accounts(self) -> list[Account]:
        """Each once, in the order given."""
        codes = self.cleaned_data["accounts"]
        if len(set(codes)) != len(codes):
            raise forms.ValidationError("同一个账号写了两次，每个只写一次。")
        found = [self.own[code] for code in codes]
        if len({one.unit_id for one in found}) > 1:
            raise forms.ValidationError("这些账号不是同一个单位的，一篇稿件只发本单位的账号。")
        return found

    def clean_title(self) -> str:
        """One line."""
        return _title_of(self.cleaned_data["title"])

    def clean_text(self) -> str:
        """Line ends of one character."""
        return _text_of(self.cleaned_data["text"])

    def clean_images(self) -> list[Any]:
        """Each small enough."""
        for one in self.cleaned_data["images"]:
            if (one.size or 0) > LARGEST:
                raise forms.ValidationError(f"“{one.name}”有 {one.size / 1024 / 1024:.1f} MB，每张最大 10 MB。")
        return list(self.cleaned_data["images"])

    def clean_corrects(self) -> Draft | None:
        """A published draft of the own unit."""
        number = self.cleaned_data["corrects"]
        if not number:
            return None
        fits = number.isascii() and number.isdigit()
        rows = drafts_visible_to(self.acting).filter(state=Draft.State.PUBLISHED)
        unit = self.on.unit_id if self.on is not None else getattr(self.acting, "unit_id", None)
        rows = rows.filter(unit=unit) if unit is not None else rows
        found = rows.filter(pk=number).first() if fits else None
        if found is None:
            raise forms.ValidationError(f"本单位没有编号为 {number} 的已发布稿件。")
        return found

    def clean(self) -> dict[str, Any]:
        """The rules over several fields, judged by what will stand after the act."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.named is None and not cleaned.get("images"):
            cleaned.pop("images", None)  # a page that chose no pictures leaves those that are there
            corrected = cleaned.get("corrects")
            if self.on is None and corrected is not None:  # and a correction keeps those of what it corrects
                images = corrected.current.images.all()
                cleaned["images"] = [SimpleUploadedFile(one.name, load(one.file_id)) for one in images]
        if cleaned.get("layout") and not self.is_given("text"):
            cleaned["text"] = words_of(cleaned["layout"])
        self.cleaned_data = cleaned
        if not self.errors:
            self._need_something_to_say()
            self._need_a_source()
            self._need_the_same_accounts()
        return cleaned

    def _will(self, name: str) -> Any:
        """What will stand: what is given, else what is there."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        draft: Draft | None = self.on
        if draft is None or draft.current is None:
            return None
        return getattr(draft.current if name in ("origin", "source", "title", "text") else draft, name)

    def _need_something_to_say(self) -> None:
        pictures = self.cleaned_data.get("images")
        if pictures is None and self.on is not None and self.on.current is not None:
            pictures = list(self.on.current.images.all())
        if not self._will("text") and not pictures:
            self._say("text", "正文和图片至少要有一样。")

    def _need_a_source(self) -> None:
        """「原则上只转载党委、政府以及有关主管部门确定的稿源单位信息」"""
        if self._will("origin") != Post.Origin.REPOST or self.at is None:
            return
        source = self._will("source")
        if not source:
            self._say("source", "转载的要写信息来源。")
        elif not self._will("source_reason") and not is_approved_on(source, self.at):
            self._say("source_reason", f"“{source}”不在稿源单位名单内：换用名单内的来源，或者写明为什么用它。")

    def _need_the_same_accounts(self) -> None:
        corrected = self._will("corrects")
        if corrected is None:
            return
        given = self.cleaned_data.get("accounts")
        own = {one.pk for one in given} if given is not None else _accounts_of(self.on)
        if own != _accounts_of(corrected):
            self._say("corrects", f"稿件 {corrected.pk} 发在别的账号上：更正要发在相同的账号上。")

    def _say(self, name: str, text: str) -> None:
        if name not in self.fields:  # left as it was, and yet what does not fit now
            self.fields[name] = self.left[name]
        self.add_error(name, text)


def _accounts_of(draft: Draft) -> set[int]:
    return set(draft.for_accounts.values_list("account", flat=True))


def is_approved_on(source: str, at: datetime) -> bool:
    """Whether this source is on the list on the day of `at`, or was approved by the office; the city's own units and
    accounts are.
    """
    day = day_of(at)
    names = {*Unit.objects.values_list("name", flat=True), *Account.objects.values_list("name", flat=True)}
    return is_approved(source, names | names_on(day), day)


class AmendFields(OnVersion):
    """A reviewer's own correction; what JSON does not name stays as it is."""

    title = line_field("标题", required=True, longest=LONGEST_TITLE)
    text = text_field("正文", longest=LONGEST_TEXT)
    layout = LayoutField()

    def prepare(self) -> None:
        """What stands is filled in."""
        super().prepare()
        self.fields["text"].widget.attrs["rows"] = 14
        if self.on is None or self.on.current is None:
            return
        for name in ("title", "text", "layout"):
            self.fields[name].initial = getattr(self.on.current, name)
        if self.named is not None:
            for name in {"title", "text", "layout"} - self.named:
                del self.fields[name]

    def clean_title(self) -> str:
        """One line."""
        return _title_of(self.cleaned_data["title"])

    def clean_text(self) -> str:
        """Line ends of one character."""
        return _text_of(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """「an `amend` of nothing: input」"""
        cleaned: dict[str, Any] = super().clean() or {}
        now = self.on.current
        title, text = cleaned.get("title", now.title), cleaned.get("text", now.text)
        looks = cleaned.get("layout", now.layout)
        if not self.errors and (title, text, looks) == (now.title, now.text, now.layout):
            raise forms.ValidationError("标题和正文都没有改动：不用改的直接通过，要改的写上改后的文字。")
        if not self.errors and not text and not now.images.exists():
            self.add_error("text", "正文和图片至少要有一样。")
        return cleaned
