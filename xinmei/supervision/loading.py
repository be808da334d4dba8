"""Reads what the watches need for many accounts at once: one query a table, whatever the number of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import DateTimeField, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast

from xinmei.core.looks import DELETED_AT_ONCE
from xinmei.core.screening import Allowance
from xinmei.core.sources import is_approved
from xinmei.interaction.models import Message, Patrol, Reply
from xinmei.publishing.allowing.queries import Allowed, allowed_on
from xinmei.publishing.models import FunctionCheck, Post, join_text
from xinmei.publishing.sources.queries import listed_sources
from xinmei.registry.exemptions.queries import exemptions_by_unit
from xinmei.registry.models import Account, Look
from xinmei.rows import batches, fetch_rows, read_document
from xinmei.screening.models import ScreeningHit
from xinmei.supervision.loading_approval import load_approval
from xinmei.supervision.watches.facts import (
    AccountFacts,
    Answer,
    Checked,
    Question,
    Screened,
    Sight,
    Update,
    Window,
    Written,
)
from xinmei.supervision.watches.posts import OWED, missing_roles
from xinmei.units.models import Unit

# How far to look back before the window: a silence at its start reaches back 14 days from a look, and within these
# days a gap can be told from its neighbours.
BEFORE = timedelta(days=40)
# A reply is owed within 48 h: what arrived earlier than this has its term before the window.
REPLY_REACH = timedelta(days=4)


def load_facts(
    accounts: Sequence[Account], window: Window, screening: str, since: datetime | None = None
) -> list[AccountFacts]:
    """The facts of the accounts for an inspection, from some days before its window up to its moment.

    The accounts come with `unit` selected. `screening` is the version of the rule packs whose hits are read; "" means
    none. `since` starts the window earlier.
    """
    unit_names = frozenset(
        name for name, shorts in Unit.objects.values_list("name", "short_names") for name in (name, *shorts)
    )
    sources, exemptions = listed_sources(), exemptions_by_unit()
    facts = {
        account.pk: AccountFacts(account, account.unit, unit_names, sources, exemptions.get(account.unit_id, ()))
        for account in accounts
    }
    ids, start = sorted(facts), min(window.start, since or window.start)
    if ids:
        for load in (_load_updates, _load_looks, _load_questions, _load_functions, _load_patrols, _load_written):
            load(facts, ids, window, start)
        load_approval(facts, ids, window, start)
        if screening:
            _load_screened(facts, ids, window, screening)
    return list(facts.values())


def _load_updates(facts: dict[int, AccountFacts], ids: list[int], window: Window, start: datetime) -> None:
    since = start - BEFORE
    rows = (
        Post.objects.filter(account_id__in=ids, published_at__gte=since, published_at__lte=window.at)
        .order_by("account_id", "published_at")
        .values_list("account_id", "published_at", "deleted_at", "origin")
    )
    for account, published_at, deleted_at, origin in fetch_rows(rows):
        facts[account].updates.append(Update(published_at, deleted_at, origin))
    counted = (
        Q(deleted_at__isnull=True) | Q(deleted_at__gt=F("published_at") + DELETED_AT_ONCE) | Q(deleted_at__gt=window.at)
    )
    last = (
        Post.objects.filter(counted, account=OuterRef("pk"), published_at__lt=since)
        .order_by("-published_at")
        .values("published_at")[:1]
    )
    before = (
        Account.objects.filter(pk__in=ids)
        .annotate(last=Subquery(last, output_field=DateTimeField()))
        .values_list("pk", "last")
    )
    for account, moment in before:
        facts[account].last_update_before = moment and moment.astimezone(UTC)


def _load_looks(facts: dict[int, AccountFacts], ids: list[int], window: Window, start: datetime) -> None:
    rows = (
        Look.objects.filter(account_id__in=ids, window_end__gte=start - BEFORE, window_end__lte=window.at)
        .order_by("account_id", "window_start")
        .values_list("account_id", "window_start", "window_end", "feed", "outcome", "reason", "profile")
    )
    for account, *look in fetch_rows(rows):
        facts[account].looks.append(Sight(*look))
    _load_earlier_profiles(facts, window, start)


def _load_earlier_profiles(facts: dict[int, AccountFacts], window: Window, start: datetime) -> None:
    """The last profile of the accounts that none was seen of just before the start.

    「a profile seen by a complete look beats the register」, however long ago.
    """

    def shown(account: AccountFacts) -> set[str]:
        return {
            part
            for look in account.looks
            if look.outcome == "complete" and look.end <= start
            for part in look.profile or ()
        }

    lacking = [pk for pk, account in facts.items() if not {"name", "verification"} <= shown(account)]
    rows = (
        Look.objects.filter(
            account_id__in=lacking, outcome="complete", profile__isnull=False, window_end__lt=start - BEFORE
        )
        .order_by("account_id", "window_end")
        .values_list("account_id", "window_start", "window_end", "feed", "outcome", "reason", "profile")
    )
    last: dict[tuple[int, str], Sight] = {}
    for account, *look in fetch_rows(rows):
        sight = Sight(*look)
        last |= {(account, part): sight for part in sight.profile or ()}
    for account, part in last:
        if (sight := last[account, part]) not in facts[account].looks:
            facts[account].looks.insert(0, sight)


def _load_questions(facts: dict[int, AccountFacts], ids: list[int], window: Window, start: datetime) -> None:
    messages = Message.objects.filter(
        applies=True, account_id__in=ids, received_at__gte=start - REPLY_REACH, received_at__lte=window.at
    )
    answers: dict[int, list[Answer]] = {}
    replies = (
        Reply.objects.filter(message__in=messages)
        .order_by("message_id", "replied_at")
        .values_list("message_id", "replied_at", "automatic")
    )
    for message, replied_at, automatic in fetch_rows(replies):
        answers.setdefault(message, []).append(Answer(replied_at, bool(automatic)))
    rows = messages.order_by("account_id", "received_at").values_list("account_id", "pk", "code", "received_at")
    for account, pk, code, received_at in fetch_rows(rows):
        facts[account].questions.append(Question(code, received_at, tuple(answers.get(pk, ()))))


def _load_functions(facts: dict[int, AccountFacts], ids: list[int], window: Window, start: datetime) -> None:
    rows = (
        FunctionCheck.objects.filter(account_id__in=ids, checked_at__gte=start, checked_at__lte=window.at)
        .order_by("account_id", "checked_at")
        .values_list("account_id", "name", "checked_at", "works", "announced_outage", "asks_for", "reason")
    )
    for account, name, checked_at, works, announced, asks_for, reason in fetch_rows(rows):
        checked = Checked(name, checked_at, bool(works), bool(announced), tuple(asks_for or ()), reason or "")
        facts[account].functions.append(checked)


def _load_patrols(facts: dict[int, AccountFacts], ids: list[int], window: Window, _start: datetime) -> None:
    rows = (
        Patrol.objects.filter(account_id__in=ids, day__lte=window.day)
        .order_by()
        .values_list("account_id", "day", "half")
    )
    for account, day, half in fetch_rows(rows):
        facts[account].patrols.setdefault(day, set()).add(half)


def _load_written(facts: dict[int, AccountFacts], ids: list[int], window: Window, start: datetime) -> None:
    """The posts that may lack a source or a byline, or that name a source which is not listed.

    Of all other posts no text is read.
    """
    names = next(iter(facts.values())).names_to_repost(window.first_day, window.day)

    @cache
    def is_doubtful(origin: str, source: str, byline: str | None) -> bool:
        known = None if byline is None else read_document(byline)
        if known is not None and missing_roles(origin, known, ""):
            return True
        days = (window.first_day, window.day)
        return origin == "repost" and not (
            source.strip() and all(is_approved(source.strip(), names, day) for day in days)
        )

    judged = Post.objects.filter(
        account_id__in=ids, origin__in=OWED, published_at__gte=start, published_at__lte=window.at
    )
    unread = Cast("byline", TextField())  # as text: the same few bylines are judged once each
    rows = judged.order_by("account_id", "published_at").values_list("pk", "origin", "source", unread)
    doubtful = [pk for pk, *written in fetch_rows(rows) if is_doubtful(*written)]
    columns = ("account_id", "code", "published_at", "deleted_at", "origin", "source", "byline", "title", "text")
    for batch in batches(doubtful, 5000):
        rows = Post.objects.filter(pk__in=batch).order_by("account_id", "published_at").values_list(*columns)
        for account, *post in fetch_rows(rows):
            facts[account].written.append(Written(*post))


def _load_screened(facts: dict[int, AccountFacts], ids: list[int], window: Window, version: str) -> None:
    columns = ("start", "end", "text", "rule", "severity", "suggest", "clause")
    of_posts = (
        ScreeningHit.objects.filter(version=version, shelf="confident", post__account_id__in=ids)
        .filter(post__published_at__gte=window.start, post__published_at__lte=window.at)
        .order_by("post_id", "category", "start", "end", "rule")
        .values_list("post__account_id", "post__code", "post__published_at", "post__deleted_at", "category", *columns)
    )
    of_messages = (
        ScreeningHit.objects.filter(version=version, shelf="confident", message__account_id__in=ids)
        .filter(message__published_at__gte=window.start, message__published_at__lte=window.at)
        .order_by("message_id", "category", "start", "end", "rule")
        .annotate(never=Value(None, output_field=DateTimeField()))
        .values_list("message__account_id", "message__code", "message__published_at", "never", "category", *columns)
    )
    for of, query in (("post", of_posts), ("message", of_messages)):
        groups: dict[tuple[int, str, str], tuple[datetime, datetime | None, list[dict[str, Any]]]] = {}
        for account, code, at, deleted_at, category, *hit in fetch_rows(query):
            groups.setdefault((account, code, category), (at, deleted_at, []))[2].append(
                dict(zip(columns, hit, strict=True))
            )
        for (account, code, category), (at, deleted_at, hits) in groups.items():
            facts[account].screened.append(Screened(code, at, deleted_at, of, category, tuple(hits)))
    _leave_out_allowed(facts.values(), allowed_on(window.day))


def _leave_out_allowed(accounts: Iterable[AccountFacts], allowed: Allowed) -> None:
    """Takes out the hits that an entry of 不再提示 covers, at the unit of the account or everywhere.

    It asks two queries, and none where there are no hits.
    """
    rules = {one.rule for rows in allowed.values() for one in rows}
    touched = [
        (facts, row) for facts in accounts for row in facts.screened if rules & {hit["rule"] for hit in row.hits}
    ]
    if not touched:
        return
    posts = {row.code for _, row in touched if row.of == "post"}
    sources = {
        ("post", code): join_text(title, text)
        for code, title, text in Post.objects.filter(code__in=posts).values_list("code", "title", "text")
    }
    messages = {row.code for _, row in touched if row.of == "message"}
    sources |= {
        ("message", code): text for code, text in Message.objects.filter(code__in=messages).values_list("code", "text")
    }
    for facts in {id(facts): facts for facts, _ in touched}.values():
        here = [*allowed.get(None, ()), *allowed.get(facts.unit.pk, ())]
        left = [
            row._replace(hits=_not_allowed(row, here, sources.get((row.of, row.code), ""))) for row in facts.screened
        ]
        facts.screened = [row for row in left if row.hits]


def _not_allowed(row: Screened, allowed: list[Allowance], source: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        hit for hit in row.hits if not any(one.covers(hit["rule"], hit["start"], hit["end"], source) for one in allowed)
    )
