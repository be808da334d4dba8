"""§四 「凡转载发布信息，均要注明来源」「标注拟稿人、审核人、审签人」; what the screening found in the texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.screening import mask_found
from xinmei.core.sources import is_approved
from xinmei.supervision.watches.facts import (
    AccountFacts,
    Fault,
    Window,
    Written,
    counts,
    day_of,
    say_moment,
    write_moment,
)

ROLES = {"drafter": "拟稿人", "reviewer": "审核人", "signatory": "审签人", "proofreader": "编校人"}
OWED = {"original": ("drafter", "reviewer", "signatory"), "repost": ("proofreader", "reviewer")}
# 「a source or byline that stands in the text counts as given」
WRITTEN_ROLES = {
    "drafter": r"(?:拟稿|撰稿|供稿|作者|文字|起草)人?",
    "reviewer": r"(?:审核|审校|初审|复审|一审|二审)人?",
    "signatory": r"(?:审签|签发|终审|三审|审定|签批)人?",
    "proofreader": r"(?:编校|校对|编辑|责编|责任编辑|编审)人?",
}
_NAMED = {role: re.compile(rf"{words}\s*[:：｜|/／]\s*[\u3400-\u9fff·]{{2,}}") for role, words in WRITTEN_ROLES.items()}
# 「资金来源主要是……」「代表来自各县区」 name no source: those words need a sign after them, or brackets around them
_SOURCE = re.compile(
    r"(?:(?:信息来源|文章来源|内容来源|来\s*源|来自|稿源)\s*[:：｜|/／]|[（(【\[]\s*(?:信息来源|来源|来自|稿源)"
    r"|转载自|转自(?![行动己由我然])|摘自)"
    r"\s*[:：｜|/／]?\s*[\u3400-\u9fffA-Za-z0-9“《]{2,}"
)

# The category of a hit -> the criterion that it may be; matters of style cost nothing.
CRITERIA = {
    "typo": ("assessment", "typo"),
    "grave_misstatement": ("inspection", "grave_misstatement"),
    "state_secret": ("inspection", "state_secret"),
    "harmful_content": ("inspection", "harmful_content"),
    "advert": ("inspection", "advert"),
    "improper_content": ("inspection", "improper_content"),
    "privacy_leak": ("duty", "privacy_leak"),
}


def gives_source(text: str) -> bool:
    """Whether the text itself names where it is from (「来源：新华社」)."""
    return bool(_SOURCE.search(text))


def missing_roles(origin: str, byline: dict[str, object], text: str) -> list[str]:
    """The roles (Chinese) that a post owes and neither its byline nor its text names."""
    return [
        ROLES[role]
        for role in OWED[origin]
        if not str(byline.get(role) or "").strip() and not _NAMED[role].search(text)
    ]


def watch_bylines(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """An original owes drafter, reviewer, signatory; a repost proofreader, reviewer. An absent byline is unknown."""
    for post in _judged(facts, window):
        if (
            post.origin in OWED
            and post.byline is not None
            and (missing := missing_roles(post.origin, dict(post.byline), post.text))
        ):
            kind = (
                "原创发布的信息，要标注拟稿人、审核人、审签人"
                if post.origin == "original"
                else "转载发布的信息，要标注编校人、审核人"
            )
            yield _of_post("missing_byline", post, (f"{kind}；所见署名缺：{'、'.join(missing)}",))


def watch_sources(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「凡转载发布信息，均要注明来源」."""
    for post in _judged(facts, window):
        if post.origin == "repost" and not post.source.strip() and not gives_source(post.text):
            yield _of_post("missing_source", post, ("转载信息没有注明来源，正文中也没有写明",))


def watch_unlisted_sources(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「原则上只转载党委、政府以及有关主管部门确定的稿源单位信息」."""
    for post in _judged(facts, window):
        day = day_of(post.published_at)
        if (
            post.origin == "repost"
            and (source := post.source.strip())
            and not is_approved(source, facts.names_to_repost(day, day), day)
        ):
            yield _of_post("unlisted_source", post, (f"转载来源“{source}”不在稿源单位名单中",))


def watch_texts(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """Confident hits: of a post one finding a criterion; of a published message one finding, typos left aside."""
    since = max(window.start, facts.service_start)
    unmoderated: dict[str, list[dict[str, object]]] = {}
    # 「typo … grave_misstatement (never the same word)」
    grave = {(row.of, row.code): row.hits for row in facts.screened if row.category == "grave_misstatement"}
    for row in facts.screened:
        if not since <= row.at <= window.at or not counts(row.at, row.deleted_at, window.at):
            continue
        hits = [
            dict(hit)
            for hit in row.hits
            if row.category != "typo" or not _lies_in(hit, grave.get((row.of, row.code), ()))
        ]
        if not hits:
            continue
        words = say_words(hits)
        if row.of == "post" and row.category in CRITERIA:
            set_, criterion = CRITERIA[row.category]
            steps = (
                f"{say_moment(row.at)} 发布的信息中有{words}",
                *dict.fromkeys(str(hit["clause"]) for hit in hits if hit["clause"]),
            )
            proof = {"published_at": write_moment(row.at), "hits": hits}
            yield Fault(set_, criterion, row.code, day_of(row.at), steps, "机器筛查", proof, row.at, {"post": row.code})
        elif row.of == "message" and row.category not in {"typo", "style"}:
            unmoderated.setdefault(row.code, []).extend([{**hit, "at": write_moment(row.at)} for hit in hits])
    at = {row.code: row.at for row in reversed(facts.screened) if row.of == "message"}
    for code, found in unmoderated.items():
        yield _unmoderated(code, at[code], found)


def _unmoderated(code: str, at: datetime, found: list[dict[str, object]]) -> Fault:
    steps = (f"{say_moment(at)} 放出的留言中有{say_words(found)}：未做好公众留言审看发布工作",)
    proof, detail = {"hits": found}, {"message": code}
    return Fault("inspection", "unmoderated_comment", code, day_of(at), steps, "机器筛查", proof, at, detail)


def say_words(hits: Sequence[Mapping[str, Any]]) -> str:
    """What was hit, each once, personal data masked."""
    return "、".join(dict.fromkeys(f"“{mask_found(hit['rule'], hit['text'])}”" for hit in hits))


def _lies_in(hit: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a hit shares a character with one of the others."""
    return any(hit["start"] < other["end"] and other["start"] < hit["end"] for other in others)


def _judged(facts: AccountFacts, window: Window) -> Iterator[Written]:
    """The posts of the window that are judged."""
    since = max(window.start, facts.service_start)
    for post in facts.written:
        if since <= post.published_at <= window.at and counts(post.published_at, post.deleted_at, window.at):
            yield post


def _of_post(criterion: str, post: Written, steps: tuple[str, ...]) -> Fault:
    proof = {
        "published_at": write_moment(post.published_at),
        "origin": post.origin,
        "source": post.source,
        "byline": post.byline,
    }
    steps = (f"{say_moment(post.published_at)} 发布", *steps)
    return Fault(
        "duty",
        criterion,
        post.code,
        day_of(post.published_at),
        steps,
        "已发布信息",
        proof,
        post.published_at,
        {"post": post.code},
    )
