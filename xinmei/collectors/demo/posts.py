"""What an account published: a line of posts.jsonl for each post, written account by account."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from xinmei.collectors.demo.city import Unit
from xinmei.collectors.demo.ledger import Ledger
from xinmei.collectors.demo.plan import Plan
from xinmei.collectors.demo.policies import PolicyWriter
from xinmei.collectors.demo.span import DAY, HOUR, WEEK, Span
from xinmei.collectors.demo.texts import Phrases, pick, repost_texts, texts, whole

ORIGINAL, REPOST = True, False
# text, byline and source
Post = tuple[str, str, str]
VIDEO = ("douyin", "kuaishou", "wechat_channels", "bilibili")


def identity_number() -> str:
    """A number with a right check digit that nobody bears: the birth year is 1900."""
    digits = "32130219000101001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def card_number() -> str:
    """A number that passes the Luhn check and that no bank issues."""
    digits = "622848000000000000"
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


PRIVATE = {"mobile": "13800138000", "mobile2": "13800138001", "identity": identity_number(), "card": card_number()}


@dataclass(frozen=True)
class _Bylines:
    original: tuple[str, ...]
    repost: tuple[str, ...]
    original_text: str
    repost_text: str


def _bylines(plan: Plan) -> _Bylines:
    editor, head, leader, other, deputy, _ = plan.account.unit.staff
    original = [(editor, head, leader), (other, head, leader), (editor, head, deputy)]
    repost = [(editor, head), (other, head)]
    return _Bylines(
        tuple(f'{{"drafter":"{a}","reviewer":"{b}","signatory":"{c}"}}' for a, b, c in original),
        tuple(f'{{"proofreader":"{a}","reviewer":"{b}"}}' for a, b in repost),
        f"（拟稿人：{editor} 审核人：{head} 审签人：{leader}）",
        f"编校人：{editor} 审核人：{head}）",
    )


def _moments(plan: Plan, span: Span, rng: Random) -> list[tuple[int, bool | None, str]]:
    """(moment, original or repost, fault) of the account's posts in order of time.

    The kind None leaves the choice open.
    """
    random = rng.random
    posts: list[tuple[int, bool | None, str]] = [(at, None, kind) for at, kind in plan.in_posts]
    end = plan.close if plan.last is None else plan.last
    for monday in span.weeks:
        if monday in plan.empty or monday >= end:
            continue
        drawn = [_draw(monday, rng) for _ in range(max(2, int(plan.per_week * (0.7 + 0.6 * random()) + random())))]
        if monday + WEEK in plan.empty:
            # so that one week without an update is not a silence of two
            drawn[0] = monday + 4 * DAY + whole(9 * HOUR, 17 * HOUR, rng)
        if monday - WEEK in plan.empty:
            drawn[0] = monday + DAY + whole(9 * HOUR, 17 * HOUR, rng)
        if plan.thin:
            drawn = [at for at in drawn if (span.day(at).year, span.day(at).month) not in plan.thin]
        inside = [at for at in drawn if plan.open <= at < end]
        posts += [
            (at, REPOST if monday in plan.no_original else ORIGINAL if i == 0 else None, "")
            for i, at in enumerate(inside)
        ]
    for year, month in plan.thin:
        posts += [(span.at(date(year, month, day)) + 10 * HOUR, ORIGINAL, "") for day in (4, 13, 23)]
    if plan.last is not None:
        posts.append((plan.last, ORIGINAL, ""))
    if plan.unseen:
        posts = [post for post in posts if plan.is_seen(post[0], post[0] + 1)]  # nobody saw what was published then
    return sorted(posts, key=lambda post: post[0])


def _draw(monday: int, rng: Random) -> int:
    day = int(rng.random() * 7)
    if day > 4 and rng.random() < 0.5:  # half as much at weekends
        day = int(rng.random() * 5)
    return monday + day * DAY + 7 * HOUR + int(rng.random() * 15 * HOUR)


def _blanks(unit: Unit, day: str, rng: Random) -> dict[str, object]:
    """What stands in the blanks of a text: place, day, a rate and numbers."""
    random = rng.random
    return {
        "p": pick(unit.places, rng),
        "d": day,
        "r": f"{86 + random() * 13:.1f}",
        "n": whole(2, 60, rng),
        "a": 3 + int(random() * 52),
        "c": 58 + int(random() * 30),
        "b": 105 + int(random() * 3800),
    }


def _compose(phrases: Phrases, blanks: dict[str, object], with_closing: bool, rng: Random) -> tuple[str, str]:
    """Title and text of an original. What it puts in its blanks stays in `blanks`."""
    random = rng.random
    titles, openings, facts, others, measures, closings = pick(phrases.pieces, rng)
    blanks |= {
        "x": 3 + int(random() * 52),
        "z": 58 + int(random() * 30),
        "y": 105 + int(random() * 3800),
        "s": f"{86 + random() * 13:.1f}",
    }
    title = pick(titles, rng).format_map(blanks)
    fact = int(random() * len(facts))
    other = (fact + 1 + int(random() * (len(others) - 1))) % len(others)
    text = pick(openings, rng) + facts[fact] + others[other] + pick(measures, rng)
    return title, (text + pick(closings, rng) if with_closing else text).format_map(blanks)


@dataclass
class _Counts:
    """What an account published: updates and originals by Monday, updates by day."""

    updates: Counter[int] = field(default_factory=Counter)
    originals: Counter[int] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)

    def add(self, span: Span, at: int, is_original: bool) -> None:
        monday = at - (at - span.weeks[0]) % WEEK
        self.updates[monday] += 1
        self.originals[monday] += is_original
        self.days[span.days[at // DAY]] += 1


class PostWriter:
    """Writes the posts of one account after another and keeps the ledger of what they lack."""

    def __init__(self, span: Span, ledger: Ledger, write: Callable[[str], object]) -> None:
        self.span, self.ledger, self.write, self.count = span, ledger, write, 0
        self.phrases: tuple[str, Phrases] | None = None
        self.policies = PolicyWriter(span)

    def write_posts(self, plan: Plan, rng: Random) -> list[int]:
        """Writes all posts of an account. Returns their moments, in the order of their numbers."""
        span, account, random, sources = self.span, plan.account, rng.random, texts()["sources"]
        phrases, bylines, reposts = self._phrases_of(account.unit), _bylines(plan), repost_texts()
        own_share, with_closing = 0.45 + 0.3 * random(), account.platform not in VIDEO
        shape = ',"form":"video"' if account.platform in VIDEO else ""
        comments = "true" if plan.answers else "false"
        lines: list[str] = []
        moments: list[int] = []
        counts = _Counts()
        for at, chosen, fault in _moments(plan, span, rng):
            is_original = random() < own_share if chosen is None else chosen
            if fault:
                is_original = fault not in ("missing_source", "unlisted_source")
            name = f"{account.id}-{len(moments):05}"
            blanks = _blanks(account.unit, span.spoken_days[at // DAY], rng)
            if is_original:
                title, text = _compose(phrases, blanks, with_closing, rng)
                byline, source = pick(bylines.original, rng), ""
            else:
                title, orders = pick(reposts, rng)
                text, source = pick(orders, rng), pick(sources, rng)
                byline = pick(bylines.repost, rng)
            gone = ""
            if fault:
                text, byline, source, gone = self._spoil(plan, fault, name, at, (text, byline, source), blanks, rng)
            elif plan.byline_in_text:
                text += bylines.original_text if is_original else f"（来源：{source} {bylines.repost_text}"
                byline, source = "{}", ""
            elif random() < 0.001 and chosen is None:
                gone = f',"deleted_at":"{span.text(at + 2 * HOUR)}"' if at + 2 * HOUR < span.end else ""
            origin = (
                f',"origin":"{"original" if is_original else "repost"}","byline":{byline}' if plan.gives_origin else ""
            )
            given = f',"source":"{source}"' if source else ""
            if is_original and not fault and not gone:
                explains = self.policies.meet(account, len(moments), title, at)
                given += explains.partition(',"form"')[0] if shape else explains
            lines.append(
                f'{{"id":"{name}","account":"{account.id}","published_at":"{span.text(at)}",'
                f'"title":"{title}","text":"{text}","url":"https://example.invalid/{name}"{origin}{given},'
                f'"comments_enabled":{comments}{shape}{gone}}}\n'
            )
            moments.append(at)
            if not gone:
                counts.add(span, at, is_original or not plan.gives_origin)
        self.write("".join(lines))
        self.count += len(lines)
        if not plan.is_closed:
            self._judge(plan, counts, moments)
        return moments

    def _phrases_of(self, unit: Unit) -> Phrases:
        """The phrases of a unit, kept while its accounts follow each other."""
        if self.phrases is None or self.phrases[0] != unit.code:
            self.phrases = (unit.code, Phrases(unit.name, unit.subject))
        return self.phrases[1]

    def _spoil(
        self, plan: Plan, fault: str, name: str, at: int, post: Post, blanks: dict[str, object], rng: Random
    ) -> tuple[str, str, str, str]:
        """Text, byline, source and deletion of a post with this fault; the fault, or the trap, goes to the ledger."""
        text, byline, source = post
        planted, account = texts()["planted"], plan.account
        if fault == "retracted":  # deleted within 24 h: it neither counts nor is judged
            self.ledger.trap("advert", account.id, name, "发布后1小时删除")
            return pick(planted["advert"], rng), "{}", source, f',"deleted_at":"{self.span.text(at + HOUR)}"'
        if fault == "correct":
            self.ledger.trap("typo", account.id, name, "写法正确")
            return text + pick(planted["correct"], rng).format_map(blanks), byline, source, ""
        if fault in ("typo", "grave_misstatement"):
            text += pick(planted[fault], rng).format_map(blanks)
        elif fault in planted and fault != "unlisted_source":
            text = pick(planted[fault], rng).format_map(blanks | PRIVATE)
        elif fault == "missing_byline":
            drafter, reviewer, *_ = account.unit.staff
            one, two = f'{{"drafter":"{drafter}"}}', f'{{"drafter":"{drafter}","reviewer":"{reviewer}"}}'
            byline = pick(("{}", one, two), rng)
        else:
            source = pick(planted["unlisted_source"], rng) if fault == "unlisted_source" else ""
        self.ledger.plant(fault, account.id, account.unit.code, name)
        return text, byline, source, ""

    def _judge(self, plan: Plan, counts: _Counts, moments: list[int]) -> None:
        """Writes into the ledger which weeks and months are a fault, and whether the account is silent at the end."""
        span, account = self.span, plan.account
        if account.is_service:
            self._judge_months(plan, counts.days)
        else:
            self._judge_weeks(plan, counts)
        edge = span.seen_until - 14 * DAY
        if plan.last is not None and plan.last < edge:
            silence = f"{span.text(moments[-1])}/{span.text(moments[-1] + 14 * DAY)}"
            self.ledger.plant("silent_two_weeks", account.id, account.unit.code, silence)

    def _judge_weeks(self, plan: Plan, counts: _Counts) -> None:
        account = plan.account
        for monday in self.span.weeks:
            week, end = self.span.week_name(monday), monday + WEEK
            if week is None or monday < plan.open or not plan.is_seen(monday, end):
                continue
            if not counts.updates[monday]:
                self.ledger.plant("slow_update", account.id, account.unit.code, week)
            elif not counts.originals[monday]:
                self.ledger.plant("no_original_this_week", account.id, account.unit.code, week)

    def _judge_months(self, plan: Plan, by_day: Counter[str]) -> None:
        """A 服务号 is judged by the month: less than one update a week is a fault."""
        span, account = self.span, plan.account
        for year, month in sorted({(int(day[:4]), int(day[5:7])) for day in span.days}):
            length = monthrange(year, month)[1]
            start = span.at(date(year, month, 1))
            count = sum(by_day[day] for day in span.days[max(0, start // DAY) : start // DAY + length])
            if start >= max(plan.open, span.judged) and start + length * DAY <= span.seen_until and count * 7 < length:
                self.ledger.plant("slow_update", account.id, account.unit.code, f"{year}-{month:02}")
