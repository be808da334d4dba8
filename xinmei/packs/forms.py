"""What people write about an own entry. Errors say what was found, what is allowed, what to do."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from xinmei.core.screening import CATEGORIES, SEVERITIES, SHELVES
from xinmei.packs.models import OwnEntry

MOST_TERMS, SHORTEST, LONGEST = 50, 2, 50
REQUIRED = {"required": "这一项没有填。"}


def _area(label: str, rows: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
    long = {"max_length": "写得太长：最多 3000 字，请精简。"}
    return forms.CharField(
        label=label,
        required=required,
        max_length=3000,
        widget=widget,
        help_text=help_text,
        error_messages=REQUIRED | long,
    )


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def _words(form: forms.Form, name: str, shortest: int) -> list[str]:
    """One word a line (or with 、 between), each once, in the order written."""
    words = list(dict.fromkeys(word.strip() for word in re.split(r"[\n\r、]", form.cleaned_data[name]) if word.strip()))
    if len(words) > MOST_TERMS:
        raise forms.ValidationError(f"写了 {len(words)} 个，最多 {MOST_TERMS} 个，请分成几条词条。")
    for word in words:
        count = len(re.sub(r"[\W_]", "", word))
        if count < shortest or len(word) > LONGEST:
            raise forms.ValidationError(f"“{word[:60]}”有 {count} 个字，应为 {shortest} 至 {LONGEST} 个字。")
    return words


class EntryForm(forms.Form):
    """The fields of an own entry, as `actions.FIELDS` names them."""

    terms = _area(
        "要查找的文字", 3, help_text="一行一个，原样查找（全角半角、繁简、夹带的空格和符号不影响），不是通配符。"
    )
    suggest = forms.CharField(
        label="建议写法",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="没有唯一正确写法的不填。",
    )
    category = forms.ChoiceField(
        label="类别",
        choices=list(CATEGORIES.items()),
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="决定算哪一项指标的问题。",
    )
    severity = forms.ChoiceField(
        label="程度",
        choices=list(SEVERITIES.items()),
        initial="medium",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    shelf = forms.ChoiceField(
        label="把握",
        choices=list(SHELVES.items()),
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="把握较大的列入检查；供参考的只在写稿时提示，不列入检查。",
    )
    longer = _area(
        "例外的词",
        2,
        required=False,
        help_text="一行一个。含有上面文字、但本身正确的更长的词，如“按排”的例外“按排名”。",
    )
    unless = _area("附近有这些字就不算", 2, required=False, help_text="一行一个，前后 40 字以内。")
    former_title = forms.BooleanField(
        label="这是任职变动后的旧称谓",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text="附近有“时任”“原任”“曾任”“回顾”等字的不算；“自”填新任职公布之日。发布后会列出这一天以后仍用旧称谓的信息。",
    )
    reason = _area("依据", 2, help_text="文件名称、发布单位和日期，或公告网址。")
    starts_on = _day("自（不填则一直有效）", "按信息自己的发布日判断。")
    ends_on = _day("至（最后一天，可不填）")
    hit = _area("应当命中的例句", 2)
    miss = _area("相近而不应命中的例句", 2)

    def clean_terms(self) -> list[str]:
        """At least two characters each: one alone stands in every text."""
        return _words(self, "terms", SHORTEST)

    def clean_longer(self) -> list[str]:
        """Longer than what they excuse."""
        return _words(self, "longer", SHORTEST)

    def clean_unless(self) -> list[str]:
        """Words close by may be short."""
        return _words(self, "unless", 1)

    def clean(self) -> dict[str, Any]:
        """Days in order; a former title has the day from which it is one; an exception must hold a term."""
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", f"止日 {ends_on} 早于起日 {starts_on}，请改其中一个。")
        if data.get("former_title") and not starts_on:
            self.add_error("starts_on", "旧称谓要写明从哪一天起不再使用。")
        terms = data.get("terms") or []
        for word in data.get("longer") or []:
            if terms and not any(term in word and term != word for term in terms):
                self.add_error("longer", f"“{word}”里没有要查找的文字，不起作用；例外的词应包含它，并且更长。")
        return data


class WhyForm(forms.Form):
    """Why an entry ends, or a rule is to be taken down."""

    why = _area("理由", 2)


def initial_of(entry: OwnEntry) -> dict[str, Any]:
    """The form's fields as the entry has them."""
    fields = {name: getattr(entry, name) for name in EntryForm.base_fields}
    return fields | {name: "\n".join(fields[name]) for name in ("terms", "longer", "unless")}
