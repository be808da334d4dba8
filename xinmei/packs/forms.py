"""What people write about an own entry and about a demotion. Errors say what was found, what is allowed, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from xinmei.core.screening import CATEGORIES, SEVERITIES, SHELVES
from xinmei.packs.doors import entries_visible_to
from xinmei.packs.models import OwnEntry
from xinmei.pages.fields import (
    Fields,
    YesNo,
    choice_field,
    day_field,
    line_field,
    lines_field,
    show_day,
    text_field,
)

MOST_TERMS, SHORTEST, LONGEST, LONGEST_TEXT = 50, 2, 50, 3000


def _words(form: Fields, name: str, shortest: int) -> list[str]:
    """One word a line (or with 、 between), each once, in the order written."""
    every = (word.strip() for line in form.cleaned_data[name] for word in line.split("、"))
    words = list(dict.fromkeys(word for word in every if word))
    if len(words) > MOST_TERMS:
        raise forms.ValidationError(f"写了 {len(words)} 个，最多 {MOST_TERMS} 个，请分成几条词条。")
    for word in words:
        count = len(re.sub(r"[\W_]", "", word))
        if count < shortest or len(word) > LONGEST:
            raise forms.ValidationError(f"“{word[:60]}”有 {count} 个字，应为 {shortest} 至 {LONGEST} 个字。")
    return words


class EntryFields(Fields):
    """The fields of an own entry, named as its columns are."""

    terms = lines_field(
        "要查找的文字",
        required=True,
        longest=LONGEST_TEXT,
        help_text="一行一个，原样查找（全角半角、繁简、夹带的空格和符号不影响），不是通配符。",
    )
    suggest = line_field("建议写法", longest=100, help_text="没有唯一正确写法的不填。")
    category = choice_field("类别", list(CATEGORIES.items()), help_text="决定算哪一项指标的问题。")
    severity = choice_field("程度", list(SEVERITIES.items()))
    shelf = choice_field(
        "把握",
        list(SHELVES.items()),
        help_text="把握较大的列入检查；供参考的只在写稿时提示，不列入检查。",
    )
    longer = lines_field(
        "例外的词",
        longest=LONGEST_TEXT,
        help_text="一行一个。含有上面文字、但本身正确的更长的词，如“按排”的例外“按排名”。",
    )
    unless = lines_field("附近有这些字就不算", longest=LONGEST_TEXT, help_text="一行一个，前后 40 字以内。")
    former_title = forms.BooleanField(
        label="这是任职变动后的旧称谓",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text="附近有“时任”“原任”“曾任”“回顾”等字的不算；“自”填新任职公布之日。"
        "发布后会列出这一天以后仍用旧称谓的信息。",
    )
    reason = text_field("依据", required=True, longest=LONGEST_TEXT, help_text="文件名称、发布单位和日期，或公告网址。")
    starts_on = day_field("自（不填则一直有效）", required=False, help_text="按信息自己的发布日判断。")
    ends_on = day_field("至（最后一天，可不填）", required=False)
    hit = text_field("应当命中的例句", required=True, longest=LONGEST_TEXT)
    miss = text_field("相近而不应命中的例句", required=True, longest=LONGEST_TEXT)

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


class DraftFields(EntryFields):
    """A new entry. The page may begin with another one, whose number stands in the address as `from`."""

    def prepare(self) -> None:
        """The middle of three is chosen beforehand."""
        self.fields["severity"].initial = "medium"
        number = str(self.initial.get("from", ""))
        if number.isascii() and number.isdigit() and len(number) < 18:
            like = entries_visible_to(self.acting).filter(pk=number).first()
            self.initial = describe(like) if like else {}


class ReviseFields(EntryFields):
    """An entry that was not released yet: what is not named stays."""

    def standing(self) -> Mapping[str, Any]:
        """The entry as it is."""
        return describe(self.on) if self.on else {}


class WhyFields(Fields):
    """Why an entry ends."""

    why = text_field("理由", required=True, longest=LONGEST_TEXT)


class DemotionFields(Fields):
    """Which rule is to be taken down a shelf, and why."""

    rule = line_field("规则", required=True)
    why = text_field("理由", required=True, longest=LONGEST_TEXT)


class DecideFields(Fields):
    """Whether a demotion is approved."""

    approve = YesNo("决定", "批准", "不批准")


def describe(entry: OwnEntry) -> dict[str, Any]:
    """What an entry says, as programs read and write it."""
    said = {name: getattr(entry, name) for name in EntryFields.base_fields}
    return said | {"starts_on": show_day(entry.starts_on), "ends_on": show_day(entry.ends_on)}
