"""§四 「严格执行先审后发制度」: what is live was approved, and is what was approved.

Looked at are the posts of units that work under review, from the day on which they began (`reviews_from`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from unicodedata import normalize

from xinmei.core.calendar import midnight
from xinmei.core.differences import compare
from xinmei.supervision.watches.facts import (
    AccountFacts,
    Approved,
    Fault,
    Live,
    Window,
    counts,
    day_of,
    say_moment,
    write_moment,
)

# 「released in the 7 × 24 h before it (both ends in)」
BEFORE_POST = timedelta(days=7)
_ROLE = r"(?:拟稿人?|撰稿人?|审核人?|审签人?|编校人?|信息来源)"
_NAMED = rf"{_ROLE}\s*:\s*[^\s:,、;|/()\[\]【】]{{1,30}}"
# A line, or the end of the last one, that says nothing but who wrote and signed.
_BYLINE = re.compile(rf"(?m)[(\[【]?(?:{_NAMED}[\s,、;|/]*)+[)\]】]?[ \t]*$")
_MOST_SAID = 3


def watch_reviewed(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「No draft: `unreviewed_post`」"""
    for post, draft in _judged(facts, window):
        if draft is None:
            since = facts.unit.reviews_from
            why = f"本单位自 {since} 起网上审核；没有稿件登记了这条信息，发布前 7×24 小时内也没有签发过同题的稿件"
            yield _of_post("unreviewed_post", post, (why,), {})


def watch_unchanged(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「Text that differs from the released one: `changed_after_approval`, with the difference word by word」"""
    for post, draft in _judged(facts, window):
        if draft is None or not post.text:  # a text that was not seen is not seen to differ
            continue
        approved, live = bare_text(draft.text, draft.byline), bare_text(post.text, draft.byline)
        if approved != live:
            pieces = compare(approved, live)
            steps = (
                f"签发的是稿件 {draft.number}，{say_moment(draft.released_at)} 签发，SHA-256 {draft.sha256[:12]}…",
                f"所见文字与签发稿不同：{say_difference(pieces)}",
            )
            proof: dict[str, object] = {
                "draft": str(draft.number),
                "released_at": write_moment(draft.released_at),
                "released_sha256": draft.sha256,
                "difference": [list(piece) for piece in pieces],
            }
            # Seen now: what was found cured and differs again is a new fault.
            yield replace(_of_post("changed_after_approval", post, steps, proof), seen_at=window.at)


def say_difference(pieces: Sequence[tuple[str, str]]) -> str:
    """The first places of a difference in words."""
    signs = {"out": "删去", "in": "加上"}
    said = [f"{signs[kind]}“{_cut(words)}”" for kind, words in pieces if kind in signs]
    return "，".join(said[: 2 * _MOST_SAID]) + ("……" if len(said) > 2 * _MOST_SAID else "")


def _cut(words: str) -> str:
    return words if len(words) <= 40 else f"{words[:40]}……"


def bare_title(title: str) -> str:
    """A title without white space, whatever its width."""
    return "".join(normalize("NFKC", title).split())


def bare_text(text: str, byline: str) -> str:
    """A text without white space and byline, whatever its width: 「NFKC, white space and byline apart」."""
    text = _BYLINE.sub("", normalize("NFKC", text))
    own = "".join(normalize("NFKC", byline).split())
    bare = "".join(text.split())
    return bare.replace(own, "") if own else bare


def match(facts: AccountFacts, window: Window) -> dict[str, Approved]:
    """Which post is of which draft, by the post's code, as known at the moment of the look.

    A post belongs to the draft that names it. Else to one with the same title, released in the seven days before it:
    the nearest pair first, and each draft has one post on an account.
    """
    drafts = [one for one in facts.approved if one.released_at <= window.at]
    posts = [
        one
        for one in facts.live
        if one.published_at <= window.at and counts(one.published_at, one.deleted_at, window.at)
    ]
    found: dict[str, Approved] = {}
    for post in posts:
        naming = [one for one in drafts if post.code in one.posts or (post.url and post.url in one.urls)]
        if naming:
            found[post.code] = max(naming, key=_age)
    taken = {draft.number for draft in found.values()}
    for post, draft in _pairs([one for one in posts if one.code not in found], drafts):
        if post.code not in found and draft.number not in taken:
            found[post.code] = draft
            taken.add(draft.number)
    return {code: _corrected(draft, drafts) for code, draft in found.items()}


def _age(draft: Approved) -> tuple[object, int]:
    return draft.released_at, draft.number


def _pairs(posts: Sequence[Live], drafts: Sequence[Approved]) -> list[tuple[Live, Approved]]:
    """Posts and drafts with one title, the nearest first."""
    titled: dict[str, list[Approved]] = defaultdict(list)
    for draft in drafts:
        titled[bare_title(draft.title)].append(draft)
    pairs = [
        (post, draft)
        for post in posts
        for draft in titled.get(bare_title(post.title), ())
        if draft.released_at <= post.published_at <= draft.released_at + BEFORE_POST
    ]
    return sorted(
        pairs, key=lambda pair: (pair[0].published_at - pair[1].released_at, pair[0].published_at, pair[0].code)
    )


def _corrected(draft: Approved, drafts: Sequence[Approved]) -> Approved:
    """「where a later draft `corrects` that one, to the last released at the moment of the look」"""
    chain, last = {draft.number}, draft
    for one in sorted(drafts, key=_age):
        if one.corrects in chain:
            chain.add(one.number)
            last = max(last, one, key=_age)
    return last


def _judged(facts: AccountFacts, window: Window) -> Iterator[tuple[Live, Approved | None]]:
    """The posts of the window that stand under review, each with its draft."""
    began = facts.unit.reviews_from
    if began is None:
        return
    since = max(window.start, facts.service_start, midnight(began))
    found = match(facts, window)
    for post in facts.live:
        if since <= post.published_at <= window.at and counts(post.published_at, post.deleted_at, window.at):
            yield post, found.get(post.code)


def _of_post(criterion: str, post: Live, steps: tuple[str, ...], proof: dict[str, object]) -> Fault:
    at = post.published_at
    return Fault(
        "duty",
        criterion,
        post.code,
        day_of(at),
        (f"{say_moment(at)} 发布", *steps),
        "已发布信息",
        {"published_at": write_moment(at), **proof},
        at,
        {"post": post.code},
    )
