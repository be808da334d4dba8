"""Findings in words: what is wrong, with what, by the Chinese names of the law's own indicators.

No page shows an identifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import Criterion, criteria
from xinmei.interaction.models import Message
from xinmei.pages.texts import say_day, shorten
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.supervision.models import Finding

# The steps of a finding's history, as they are stored.
STEPS = {
    "find": "录入",
    "confirm": "确认并反馈",
    "dismiss": "不予认定",
    "rectify": "整改",
    "recheck_cured": "复查：已整改到位，办结",
    "recheck_not_cured": "复查：未整改到位，退回",
    "object": "提出申诉",
    "decide_objection": "答复申诉",
    "contradict": "与后到的事实矛盾",
}
HALVES = {"am": "上午", "pm": "下午"}


@dataclass(frozen=True)
class Said:
    """A finding with its words.

    `title`: the criterion; `subject`: the thing at fault ("" where it is the account or unit itself).
    """

    finding: Finding
    criterion: Criterion
    subject: str
    post: Post | None = None

    @property
    def pk(self) -> int:
        """The finding's number, for boxes of a list."""
        return self.finding.pk

    @property
    def title(self) -> str:
        """The criterion in Chinese."""
        return self.criterion.title

    @property
    def is_veto(self) -> bool:
        """Whether it is one of 附件1's 单项否决."""
        return self.criterion.kind == "VETO"


def criterion_of(finding: Finding) -> Criterion:
    """The criterion of the rulebook that a finding falls under."""
    return criteria()[finding.set, finding.criterion]


def criterion_choices() -> list[tuple[str, str]]:
    """Every criterion that a finding can have, for filters: `set/criterion` and its Chinese name."""
    kinds = {"VETO": "否决", "DEDUCTION": "扣分", "DUTY": "职责"}
    never = {
        "state_sample_failed",
        "province_sample_failed",
        "province_sample_one_failed",
        "veto_found",
        "originals_short",
    }
    listed = [
        (one, f"{kinds[one.kind]} · {one.title}")
        for one in criteria().values()
        if one.kind in kinds and one.criterion not in never
    ]
    seen: dict[str, str] = {}
    for one, label in listed:
        # One fault, one finding: under `inspection` where that set names it, else `assessment`, else `duty`.
        if not any(key.endswith(f"/{one.criterion}") for key in seen):
            seen[f"{one.set}/{one.criterion}"] = label
    return list(seen.items())


def say_span(text: str) -> str | None:
    """A week, month, half day or silence of a `subject` in words; None where it is none of these."""
    if match := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        sunday = date.fromisocalendar(int(match[1]), int(match[2]), 7)
        return f"{match[1]}年第{int(match[2])}周（{monday.month}月{monday.day}日至{sunday.month}月{sunday.day}日）"
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return f"{match[1]}年{int(match[2])}月"
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d) (am|pm)", text):
        return f"{match[1]}年{int(match[2])}月{int(match[3])}日{HALVES[match[4]]}"
    start, slash, end = text.partition("/")
    if slash and re.match(r"\d{4}-\d\d-\d\dT", start) and re.match(r"\d{4}-\d\d-\d\dT", end):
        first = datetime.fromisoformat(start).astimezone(SHANGHAI)
        return f"自 {first.year}年{first.month}月{first.day}日 {first:%H:%M} 起"
    return None


def describe(findings: Sequence[Finding], *, texts: bool = True) -> list[Said]:
    """The findings in words. Two queries for the posts and messages that they are about, whatever their number.

    `texts`: whether the reader sees messages; where not, a message is named without its words.
    """
    posts = Post.objects.defer("text", "links", "images").in_bulk({one.post_id for one in findings if one.post_id})
    messages = Message.objects.only("text").in_bulk({one.message_id for one in findings if one.message_id})
    return [
        Said(one, criterion_of(one), _say_subject(one, posts, messages, texts), posts.get(one.post_id or 0))
        for one in findings
    ]


def _say_subject(finding: Finding, posts: dict[int, Post], messages: dict[int, Message], texts: bool) -> str:
    subject = finding.subject
    if post := posts.get(finding.post_id or 0):
        return (
            f"《{shorten(post.title)}》"
            if post.title
            else shorten(f"{say_day(post.published_at.astimezone(SHANGHAI))}发布的信息")
        )
    if message := messages.get(finding.message_id or 0):
        return f"留言“{shorten(message.text)}”" if texts else "公众留言"
    if finding.criterion == "two_accounts_one_platform":
        return str(Account.Platform(subject).label) if subject in Account.Platform.values else subject
    if finding.parent_id:
        return f"第 {finding.parent_id} 号问题"
    if finding.owner.endswith(subject) or subject in {
        finding.account.code if finding.account else "",
        finding.unit.code,
    }:
        return ""
    return say_span(subject) or shorten(subject)


def veto_q_values() -> Iterable[tuple[str, str]]:
    """(set, criterion) of every veto."""
    return [key for key, one in criteria().items() if one.kind == "VETO"]


def criteria_for_people(about: str) -> list[tuple[str, str]]:
    """What a person may enter about an account or a unit.

    `set/criterion` and its Chinese name. What only the system records is left out.
    """
    allowed = {
        key
        for key, one in ((f"{one.set}/{one.criterion}", one) for one in criteria().values())
        if one.about == about and one.recorded_by != "system"
    }
    return [(key, label) for key, label in criterion_choices() if key in allowed]
