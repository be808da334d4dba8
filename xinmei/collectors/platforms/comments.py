"""Comments under what the system published, read by the interface: they become messages of the inbox.

What an interface does not show is not absent: without the right to see comments, or where a page is cut, the look says
so. An answer that somebody gave on the platform is taken over with the platform's own moment; a comment is gone only
where a list that was read to its end has it not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from xinmei.interaction.errands.actions import stop_waiting
from xinmei.interaction.errands.ending import finish, write_answer
from xinmei.interaction.models import Errand, Message, OnPlatform, PlatformLook
from xinmei.people.events import SYSTEM, record
from xinmei.people.locks import hold
from xinmei.publishing.channels.commenting import commenting_for
from xinmei.publishing.channels.commenting.interface import Answer, Comment, Comments
from xinmei.publishing.channels.ending import post_code
from xinmei.publishing.channels.matching import same_words
from xinmei.publishing.models import Channel, Post, Sending
from xinmei.registry.models import Account

Does, State = Errand.Does, Errand.State
Outcome = PlatformLook.Outcome
# Comments come late, but not for ever; under so many articles at most.
RECENT, MOST = timedelta(days=30), 60
NOTHING = "近 30 天没有能看到评论的信息：公众号的接口只给由系统发布的信息的评论，别的请到平台上看"


@dataclass(frozen=True, slots=True)
class Article:
    """One of the account, under the number by which the platform knows its comments; the code of its post, or ""."""

    number: str
    post: str


def read_account(channel: Channel, clock: Callable[[], datetime]) -> str:
    """Reads the comments under each article of the account, and stores them; the outcome."""
    account, reasons = channel.account, list[str]()
    seen: Counter[str] = Counter()
    articles = articles_of(account, clock() - RECENT)
    for article in articles[:MOST]:
        listing = commenting_for(account, clock).read(channel, article.number)
        seen.update(store(account, article, listing, clock()))
        if listing.why:
            reasons.append(listing.why)
            if not listing.found:
                break  # a right that lacks, a limit: the next would say the same
    if len(articles) > MOST:
        reasons.append(f"只看了最近 {MOST} 条信息的评论")
    if not articles:
        reasons.append(NOTHING)
    outcome = Outcome.COMPLETE if not reasons else Outcome.PARTIAL if seen["seen"] else Outcome.FAILED
    write_look(account, PlatformLook.Thing.COMMENTS, outcome, reasons[0] if reasons else "", clock())
    return outcome.value


def articles_of(account: Account, since: datetime) -> list[Article]:
    """Those whose comments can be asked for, the newest first: of 公众号 what the system published, of 微博 all that
    was read there.
    """
    if account.platform == Account.Platform.WEIBO:
        start = post_code(account.code, account.platform, "")
        posts = Post.objects.filter(account=account, code__startswith=start, published_at__gte=since, deleted_at=None)
        codes = posts.order_by("-published_at").values_list("code", flat=True)[: MOST + 1]
        return [Article(code.removeprefix(start), code) for code in codes]
    out = Sending.objects.filter(account=account, state=Sending.State.PUBLISHED, sent_at__gte=since)
    rows = out.exclude(message="").order_by("-sent_at").values_list("message", "article")[: MOST + 1]
    return [Article(one, post_code(account.code, account.platform, number) if number else "") for one, number in rows]


def write_look(account: Account, thing: PlatformLook.Thing, outcome: Outcome, reason: str, at: datetime) -> None:
    """How much was seen. The last one stands, beside when it was last seen whole."""
    told = {"at": at, "outcome": outcome, "reason": reason}
    whole = {"complete_at": at} if outcome == Outcome.COMPLETE else {}
    PlatformLook.objects.update_or_create(account=account, thing=thing, defaults={**told, **whole})


def store(account: Account, article: Article, listing: Comments, at: datetime) -> Counter[str]:
    """The comments of one article, in one transaction. The same listing again changes nothing."""
    done: Counter[str] = Counter(seen=len(listing.found))
    with transaction.atomic():
        hold("revision")  # as an import does: whoever reads on from a revision misses no row that is written later
        Account.objects.select_for_update().get(pk=account.pk)
        known = OnPlatform.objects.filter(message__account=account, article=article.number).select_related("message")
        # In the order of acts: the message before its errands.
        list(Message.objects.select_for_update().filter(pk__in=known.values("message")).order_by("pk"))
        there = {int(one.number): one for one in known.prefetch_related("message__errands", "message__replies")}
        for comment in listing.found:
            if comment.number in there:
                done["changed"] += _follow(there[comment.number], comment, at)
            else:
                there[comment.number] = _make(account, article, comment, at)
                done["created"] += 1
                _follow(there[comment.number], comment, at)
        if not listing.why:
            for number in set(there) - {one.number for one in listing.found}:
                done["gone"] += _mark_gone(there[number], at)
        if changes := {name: times for name, times in done.items() if times and name != "seen"}:
            content = {"article": article.number, **changes}
            record("read_comments", by=SYSTEM, at=at, kind="account", number=account.code, content=content)
    return done


def _make(account: Account, article: Article, comment: Comment, at: datetime) -> OnPlatform:
    revision = max(model.objects.aggregate(last=Max("revision"))["last"] or 0 for model in (Post, Message)) + 1
    message = Message.objects.create(
        code=post_code(account.code, account.platform, f"comment-{article.number}-{comment.number}"),
        account=account,
        received_at=comment.at,
        kind=Message.Kind.COMMENT,
        text=comment.text,
        post=article.post,
        # The platform does not say since when: it was seen to be shown now.
        published_at=at if comment.is_shown else None,
        revision=revision,
    )
    where = {"article": article.number, "number": str(comment.number)}
    return OnPlatform.objects.create(message=message, shown=comment.is_shown, seen_at=at, **where)


def _follow(known: OnPlatform, comment: Comment, at: datetime) -> bool:
    """What has become of a known comment on the platform; whether anything has."""
    message, before = known.message, (known.shown, known.gone_at)
    known.shown, known.gone_at, known.seen_at = comment.is_shown, None, at
    known.save(update_fields=["shown", "gone_at", "seen_at"])
    changed = before != (comment.is_shown, None)
    waiting = {one.does: one for one in message.errands.all() if one.is_open or one.state == State.HELD}
    if comment.is_shown and message.published_at is None and message.held_at is None:
        message.published_at, changed = at, True
        message.save(update_fields=["published_at"])
    elif not comment.is_shown and message.published_at is not None and Does.RELEASE not in waiting:
        message.published_at, changed = None, True
        message.save(update_fields=["published_at"])
    if comment.is_shown and (release := waiting.get(Does.RELEASE)):
        changed = _settle(release, at, "", at) or changed
    taken = [_take_answer(message, comment, answer, waiting.get(Does.ANSWER), at) for answer in comment.answers]
    return any(taken) or changed


def _take_answer(message: Message, comment: Comment, answer: Answer, errand: Errand | None, at: datetime) -> bool:
    """An answer that stands on the platform, whoever gave it there."""
    if errand is not None and comment.answer_with(errand.text) == answer:
        return _settle(errand, answer.at, answer.evidence, at)
    if any(same_words(one.text, answer.text) and not one.automatic for one in message.replies.all()):
        return False
    write_answer(message, answer.text, answer.at, answer.evidence, at)
    if errand is not None and errand.state == State.HELD:
        stop_waiting(message, Does.ANSWER, "平台上已有另一个答复，已记下", at)
    return True


def _settle(errand: Errand, done_at: datetime, evidence: str, at: datetime) -> bool:
    """What an errand was to do is done. One that a machine works at just now finds out by itself."""
    now_free = Errand.objects.filter(Q(held_until=None) | Q(held_until__lt=at), pk=errand.pk, state=errand.state)
    told = {"code": "", "said": "", "todo": "", "may_be_done": False, "next_at": None, "holder": ""}
    if not now_free.update(state=State.DONE, since=at, done_at=done_at, held_until=None, **told):
        return False
    finish(errand, done_at, evidence, at)
    return True


def _mark_gone(known: OnPlatform, at: datetime) -> bool:
    """The whole list has it not any more."""
    if known.gone_at is not None:
        return False
    known.gone_at = at
    known.save(update_fields=["gone_at"])
    for errand in known.message.errands.all():
        if errand.does == Does.REMOVE and (errand.is_open or errand.state == State.HELD):
            _settle(errand, at, "", at)
    return True
