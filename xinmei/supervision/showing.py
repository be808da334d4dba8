"""Evidence as a page shows it: a text with its hits marked, or facts in Chinese, read from the bytes that were kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NotRequired

from typing_extensions import TypedDict

from xinmei.core.calendar import SHANGHAI
from xinmei.core.screening import mask, mask_found
from xinmei.files.stores import FileFault
from xinmei.pages.fields import show_moment
from xinmei.pages.texts import say_dates
from xinmei.people.events import Acting
from xinmei.publishing.models import join_text
from xinmei.registry.feeds import name_feeds
from xinmei.registry.models import Account
from xinmei.supervision.models import Evidence, Finding

PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
STOPS, CONTEXT = "。！？；\n", 80
# What the facts of a fault may hold, in the order in which a page says it. What is not named here is kept but not
# shown.
LABELS = {
    "quote": "原文",
    "note": "所见情况",
    "last_update": "最近一次更新",
    "covered_from": "观察自",
    "covered_to": "观察至",
    "span": "时段",
    "updates": "这段时间的更新",
    "update_before": "之前一次更新",
    "update_after": "之后一次更新",
    "looks": "完整观察",
    "published_at": "发布时间",
    "draft": "稿件",
    "released_at": "签发时间",
    "released_sha256": "签发稿 SHA-256",
    "received_at": "收到时间",
    "due_at": "期限",
    "replied_at": "答复时间",
    "looked_at": "查看时间",
    "seen_until": "查看至",
    "sent_at": "反馈时间",
    "rectify_by": "整改期限",
    "rectified_at": "整改时间",
    "origin": "原创或转载",
    "source": "信息来源",
    "byline": "署名",
    "verification": "认证信息",
    "names": "名称",
    "accounts": "账号",
    "opened_on": "开设日期",
    "announced_on": "公告开始日期",
    "closed_on": "关停日期",
    "earliest": "最早可办理日期",
    "filed_city_on": "报市政府办公室备案日期",
    "filed_national_on": "国家系统备案日期",
    "filed_provincial_on": "省系统备案日期",
    "function": "功能",
    "checked_at": "检查时间",
    "works": "可用",
    "announced_outage": "已公告停用",
    "asks_for": "索取的个人信息",
    "excessive": "超出服务所需",
    "day": "日期",
    "half": "时段",
    "done": "已登记",
}
# Facts that are lists of rows: only so many words are shown; the whole is in the file.
MOST = 4
ROLES = {"drafter": "拟稿人", "reviewer": "审核人", "signatory": "审签人", "proofreader": "编校人"}
WORDS = {
    "original": "原创",
    "repost": "转载",
    "am": "上午",
    "pm": "下午",
    **dict(Account.Platform.choices),
    **Account.KIND_LABELS,
}


@dataclass(frozen=True)
class Piece:
    """A run of text; `why` says what a marked one was hit by."""

    text: str
    why: str = ""


@dataclass
class Shown:
    """What a page draws: a text in pieces, facts by their Chinese names, replies to a message, or a file to look at."""

    evidence: Evidence
    pieces: list[Piece] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    hits: list[dict[str, str]] = field(default_factory=list)
    sentences: list[list[Piece]] = field(default_factory=list)
    replies: list[tuple[str, str, bool]] = field(default_factory=list)
    # word by word, from what was approved to what was seen
    difference: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_picture(self) -> bool:
        """Whether the bytes are a picture that a browser shows safely."""
        return self.evidence.media_type in PICTURES


def say_value(value: object) -> str:
    """A fact in words: moments in Shanghai, yes and no, lists with commas, personal data masked."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        said = [one for one in map(say_value, value) if one]
        more = f" 等 {len(said)} 项" if len(said) > MOST else ""
        return "、".join(said[:MOST]) + more if said else "无"
    if isinstance(value, Mapping):
        return "，".join(f"{ROLES[key]} {say_value(one)}" for key, one in value.items() if key in ROLES and one) or "无"
    if isinstance(value, str):
        if re.match(r"\d{4}-\d\d-\d\dT\d\d:", value):
            at = datetime.fromisoformat(value).astimezone(SHANGHAI)
            return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
        return say_dates(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else mask(WORDS.get(value, value))
    return "" if value is None else str(value)


def _say_row(key: str, value: object) -> str:
    """Rows of looks, accounts and names are read by their places."""
    if key == "looks" and isinstance(value, list):
        return (
            f"{len(value)} 次，来源通道：{name_feeds('、'.join(dict.fromkeys(str(row[2]) for row in value)))}"
            if value
            else "无"
        )
    if key in ("accounts", "names") and isinstance(value, list) and value and isinstance(value[0], list):
        return "、".join(f"{row[1]}（{WORDS.get(row[2], row[2])}）" if len(row) > 2 else str(row[1]) for row in value)
    if key == "span" and isinstance(value, list):
        return " 至 ".join(map(say_value, value))
    return say_value(value)


def mark(text: str, hits: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The text in pieces, with personal data masked. Each hit (`start`, `end`) is a piece of its own.

    Of hits that overlap the first counts.
    """
    shown, place, pieces = mask(text), 0, []
    for hit in sorted(hits, key=lambda one: (one["start"], -one["end"])):
        start, end = int(hit["start"]), int(hit["end"])
        if start < place or end > len(shown) or start >= end:
            continue
        why = f"建议：{hit['suggest']}" if hit.get("suggest") else str(hit.get("clause") or "命中")
        pieces += [Piece(shown[place:start]), Piece(shown[start:end], why)]
        place = end
    pieces.append(Piece(shown[place:]))
    return [piece for piece in pieces if piece.text]


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a hit begins and ends; a very long one is cut on both sides."""
    first = max((text.rfind(sign, 0, start) for sign in STOPS), default=-1) + 1
    last = min((place for sign in STOPS if (place := text.find(sign, end)) >= 0), default=len(text) - 1) + 1
    return max(first, start - CONTEXT), min(last, end + CONTEXT)


def quote(text: str, hits: Sequence[Mapping[str, Any]]) -> list[list[Piece]]:
    """The sentences that the hits stand in, each once, with all its hits marked."""
    pieces = mark(text, hits)
    sentences = []
    for first, last in dict.fromkeys(_sentence_around(text, int(hit["start"]), int(hit["end"])) for hit in hits):
        shown, place = [], 0
        for piece in pieces:
            left, right = max(first, place), min(last, place + len(piece.text))
            if left < right:
                shown.append(Piece(piece.text[left - place : right - place], piece.why))
            place += len(piece.text)
        sentences.append(shown)
    return sentences


def _attached_text(evidence: Evidence) -> str:
    """A text that a person attached; where the file cannot be had, that."""
    try:
        return evidence.read().decode("utf-8", "replace")
    except FileFault as fault:
        return f"（{fault}，读不出来，请告诉系统管理员。）"


def shown_text(evidence: Evidence, *, texts: bool = True) -> str:
    """The text of the evidence that a page shows, unmasked.

    It is empty for a picture, for facts, and for a message that the reader does not see.
    """
    if evidence.media_type.startswith("text/"):
        return _attached_text(evidence)
    if evidence.media_type != "application/json":
        return ""
    kept = json.loads(evidence.read())
    quoted = kept.get("quoted") or {}
    if not texts and "title" not in quoted:
        return ""
    replies = [one["text"] for one in quoted.get("replies", ())]
    note = str((kept.get("facts") or {}).get("note") or "")
    return "\n".join(filter(None, (join_text(quoted.get("title", ""), quoted.get("text", "")), *replies, note)))


def show(evidence: Evidence, *, texts: bool = True) -> Shown:
    """Evidence ready for a page. `texts` false: the reader does not see messages; times stay, words go."""
    shown = Shown(evidence)
    if evidence.media_type.startswith("text/"):
        shown.pieces = mark(_attached_text(evidence), [])
    elif evidence.media_type == "application/json":
        kept = json.loads(evidence.read())
        facts, quoted = kept.get("facts") or {}, kept.get("quoted") or {}
        hits = facts.get("hits") or []
        is_message = "title" not in quoted
        if "text" in quoted and (texts or not is_message):
            source = join_text(quoted.get("title", ""), quoted["text"])
            shown.pieces = mark(source, hits)
            shown.sentences = quote(source, hits)[:MOST]
            shown.hits = [
                {"text": mask_found(hit.get("rule", ""), hit["text"])}
                | {key: hit.get(key) or "" for key in ("suggest", "clause")}
                for hit in hits
            ]
            shown.replies = [
                (say_value(one["replied_at"]), mask(one["text"]), bool(one["automatic"]))
                for one in quoted.get("replies", ())
            ]
        shown.difference = [(kind, mask(words)) for kind, words in facts.get("difference") or ()]
        facts = {key: quoted.get(key) for key in ("published_at", "received_at", "source")} | facts
        shown.facts = [
            (label, _say_row(key, facts[key])) for key, label in LABELS.items() if facts.get(key) not in (None, "", [])
        ]
    return shown


class ShownEvidence(TypedDict):
    """What a finding rests on, by its digests; the bytes are shown on the page."""

    sha256: str
    sm3: str
    seen_at: str | None
    source: str
    media_type: str


class ShownFinding(TypedDict):
    """What programs read of a finding."""

    id: str
    account: str | None
    unit: str
    set: str
    indicator: str
    criterion: str
    subject: str
    observed_at: str | None
    status: str
    confirmed_by: str | None
    rectify_by: str | None
    clause: str
    steps: list[str]
    evidence: ShownEvidence
    contradicted: NotRequired[bool]


def show_finding(finding: Finding, acting: Acting) -> ShownFinding:
    """A finding as programs read it: the row of the ledger, personal data masked."""
    row: ShownFinding = {
        "id": str(finding.pk),
        "account": finding.account.code if finding.account else None,
        "unit": finding.unit.code,
        "set": finding.set,
        "indicator": finding.indicator,
        "criterion": finding.criterion,
        "subject": finding.subject,
        "observed_at": show_moment(finding.observed_at),
        "status": finding.status,
        "confirmed_by": finding.confirmed_by or None,
        "rectify_by": show_moment(finding.rectify_by),
        "clause": finding.clause,
        "steps": [mask(line) for line in finding.reasoning],
        "evidence": {
            "sha256": finding.evidence.sha256,
            "sm3": finding.evidence.sm3,
            "seen_at": show_moment(finding.evidence.seen_at),
            "source": finding.evidence.source,
            "media_type": finding.evidence.media_type,
        },
    }
    if finding.contradicted:
        row["contradicted"] = True
    return row
