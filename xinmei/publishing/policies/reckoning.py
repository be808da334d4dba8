"""Which posts explain which document, and what is known where none does: reckoned from what was seen, and stored.

Reckoned when documents or posts come in, after each act on either, and once a day. What a person settled stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from xinmei.core.calendar import midnight
from xinmei.core.looks import Span, counts, cover, covers
from xinmei.core.policies import (
    Words,
    find_alike,
    is_said_of,
    offer_at_most,
    offered_between,
    offered_since,
    owed_from,
)
from xinmei.people.doors import day_of
from xinmei.publishing.models import Post, Publication
from xinmei.publishing.policies.models import Explainer, Policy
from xinmei.registry.models import Account, Look
from xinmei.registry.readings.queries import readings_on
from xinmei.rows import batches

State, How, Seen = Explainer.State, Explainer.How, Policy.Seen
STORED = ("owed_from", "explained_at", "seen", "unseen_why")
NO_ACCOUNT, NOT_COVERED, UNSETTLED = "没有在用的账号", "采集没有覆盖", "有相近的信息，还没有认定"


@dataclass(frozen=True, slots=True)
class Written:
    """One post as far as it may explain something. `said`: which document it says that it explains; `how`: where."""

    pk: int
    published_at: datetime
    form: str
    said: str
    how: str
    words: Words


def reckon(policies: Iterable[Policy], at: datetime, progress: Callable[[int, int, str], None] | None = None) -> int:
    """Matches these documents with the posts of their units, and stores how they stand; how many."""
    by_unit: dict[int, list[Policy]] = defaultdict(list)
    for one in policies:
        by_unit[one.unit_id].append(one)
    done, total = 0, sum(map(len, by_unit.values()))
    for unit, owed in by_unit.items():
        posts = _read_posts(unit, owed, at)
        for one in owed:
            _match(one, posts, at)
        stand_again(owed, at)
        done += len(owed)
        if progress:
            progress(done, total, "核对政策解读")
    return done


def open_at(at: datetime) -> Q:
    """What can still change by itself: not explained yet, or issued so lately that more explainers may come."""
    return Q(explained_at__isnull=True) | Q(issued_on__gte=offered_since(day_of(at)))


def reckon_unit(unit: int, at: datetime) -> None:
    """What can still change of one unit."""
    reckon(Policy.objects.filter(open_at(at), unit=unit), at)


def reckon_posts(revision: int, at: datetime) -> None:
    """The documents of the units whose posts an import has just written. Part of its transaction."""
    told = Post.objects.filter(revision=revision).exclude(policy="").order_by()
    reckon(Policy.objects.filter(unit__in=list(told.values_list("account__unit", flat=True).distinct())), at)


def reckon_imported(revision: int, at: datetime) -> None:
    """The documents that an import has just written, and whatever else can still change. Part of its transaction."""
    reckon(Policy.objects.filter(open_at(at)), at)


def _read_posts(unit: int, policies: Sequence[Policy], at: datetime) -> list[Written]:
    """The posts of the unit that may explain one of these documents. Two queries."""
    days = [offered_between(one.issued_on) for one in policies]
    first, last = midnight(min(day for day, _ in days)), midnight(max(day for _, day in days) + timedelta(days=1))
    live = Publication.objects.filter(account__unit=unit, draft__unit=unit).exclude(draft__policy="").exclude(post="")
    told = {post: (policy, form) for post, policy, form in live.values_list("post", "draft__policy", "draft__form")}
    wanted = Q(published_at__gte=first, published_at__lt=last) | ~Q(policy="") | Q(code__in=list(told))
    wanted &= Q(published_at__lte=at)
    columns = ("pk", "code", "title", "text", "published_at", "deleted_at", "form", "policy")
    rows = Post.objects.filter(wanted, account__unit=unit).order_by("published_at", "pk").values_list(*columns)
    found = []
    for pk, code, title, text, moment, deleted_at, form, said in rows.iterator(chunk_size=500):
        if counts(moment, deleted_at, at):
            by_draft, form_of_draft = told.get(code, ("", ""))
            how = How.NUMBER if said else How.DRAFT
            found.append(Written(pk, moment, form or form_of_draft, said or by_draft, how, Words(title, text)))
    return found


def _match(policy: Policy, posts: Sequence[Written], at: datetime) -> None:
    """Writes down which posts explain the document, and which may. What nobody settled and is no longer so goes."""
    found = _find(policy, posts, at)
    known = {one.post_id: one for one in Explainer.objects.filter(policy=policy)}
    unsettled = {pk: one for pk, one in known.items() if not one.by}
    Explainer.objects.filter(pk__in=[one.pk for pk, one in unsettled.items() if pk not in found]).delete()
    changed = []
    for pk, one in unsettled.items():
        if pk in found and _of(one) != _of(found[pk]):
            one.state, one.how, one.why, one.form = _of(found[pk])
            changed.append(one)
    Explainer.objects.bulk_update(changed, ["state", "how", "why", "form"])
    Explainer.objects.bulk_create([one for pk, one in found.items() if pk not in known])


def _of(one: Explainer) -> tuple[str, str, str, str]:
    return one.state, one.how, one.why, one.form


def _find(policy: Policy, posts: Sequence[Written], at: datetime) -> dict[int, Explainer]:
    """By number first; then what looks like an explainer, the likest first, only so many."""
    first, last = offered_between(policy.issued_on)
    found, alike = {}, []
    for one in posts:
        if one.said:
            if is_said_of(one.said, policy.number, policy.title):
                found[one.pk] = _make(policy, one, State.COUNTED, one.how, at)
        elif first <= day_of(one.published_at) <= last and (near := find_alike(policy.number, policy.title, one.words)):
            alike.append((near.likeness, one, near.why))
    for _, one, why in sorted(alike, key=lambda row: (-row[0], row[1].published_at))[: offer_at_most()]:
        found[one.pk] = _make(policy, one, State.OFFERED, How.ALIKE, at, why)
    return found


def _make(policy: Policy, post: Written, state: str, how: str, at: datetime, why: str = "") -> Explainer:
    form = post.form if post.form in Explainer.FORM_LABELS else ""
    return Explainer(policy=policy, post_id=post.pk, state=state, how=how, why=why, form=form, found_at=at)


def stand_again(policies: Sequence[Policy], at: datetime) -> None:
    """Stores how these documents of one unit stand by what explains them now. Three queries and one statement."""
    moments: dict[int, list[datetime]] = defaultdict(list)
    waiting = set()
    for batch in batches([one.pk for one in policies], 500):
        rows = Explainer.objects.filter(policy__in=batch, post__account__unit=F("policy__unit"))
        columns = ("policy", "state", "post__published_at", "post__deleted_at")
        for policy, state, moment, deleted_at in rows.exclude(state=State.REJECTED).values_list(*columns):
            if state == State.OFFERED:
                waiting.add(policy)
            elif counts(moment, deleted_at, at):
                moments[policy].append(moment)
    since = midnight(min(one.issued_on for one in policies))
    covered = _read_cover(policies[0].unit_id, since, at)
    for one in policies:
        one.owed_from = owed_from(one.issued_on)
        one.explained_at = min(moments[one.pk], default=None)
        one.seen, one.unseen_why = _see(one, one.pk in waiting, covered)
    Policy.objects.bulk_update(policies, STORED, batch_size=500)


def _read_cover(unit: int, since: datetime, at: datetime) -> dict[int, list[Span]]:
    """What complete looks cover of each account of the unit that is in service."""
    serving = Account.objects.filter(unit=unit, status__in=Account.SERVING).values_list("pk", flat=True)
    feeds: dict[int, dict[str, list[Span]]] = {pk: defaultdict(list) for pk in serving}
    looks = Look.objects.filter(account__in=list(feeds), outcome=Look.Outcome.COMPLETE, window_end__gte=since)
    rows = looks.filter(window_end__lte=at).order_by().values_list("account", "feed", "window_start", "window_end")
    for account, feed, start, end in rows:
        feeds[account][feed].append((start, end))
    reading = readings_on(day_of(at))["looks"]
    return {account: cover(by_feed.values(), reading) for account, by_feed in feeds.items()}


def _see(policy: Policy, is_open: bool, covered: Mapping[int, Sequence[Span]]) -> tuple[str, str]:
    """Three-valued: only where complete looks of every account cover the days, and nothing waits, was none seen."""
    if policy.explained_at is not None:
        return Seen.EXPLAINED, ""
    if is_open:
        return Seen.UNSEEN, UNSETTLED
    if not covered:
        return Seen.UNSEEN, NO_ACCOUNT
    assert policy.owed_from is not None
    start, end = midnight(policy.issued_on), midnight(policy.owed_from)
    if all(covers(spans, start, end) for spans in covered.values()):
        return Seen.ABSENT, ""
    return Seen.UNSEEN, NOT_COVERED
