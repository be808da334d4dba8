"""链接: where the links of recent posts lead, looked at in the background.

What could not be seen is not known to be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db.models import F, Q

from xinmei.core.functions import Answer
from xinmei.core.links import LONGEST, find_links, host_of, judge_host
from xinmei.fetching import FetchFault, Network, look
from xinmei.publishing.models import Post
from xinmei.screening.models import LinkSeen

# Posts of so many days; a link is looked at again after so many; so many links a run, so many at a time.
RECENT, AGAIN = timedelta(days=7), timedelta(days=30)
MOST, AT_A_TIME = 500, 8
# Nobody answers: it is this machine that cannot see out, and the rest may wait.
GIVE_UP = 24
GONE = (404, 410)
Outcome = LinkSeen.Outcome
Progress = Callable[[int, int, str], None]


def gather_links(at: datetime) -> int:
    """Notes the links of recent posts, those that stand in their texts too; how many are new."""
    posts = Post.objects.filter(published_at__gt=at - RECENT, published_at__lte=at, deleted_at__isnull=True)
    found: dict[str, list[int]] = {}
    for pk, links, text in (
        posts.filter(Q(links__isnull=False) | Q(text__contains="://")).values_list("pk", "links", "text").iterator(2000)
    ):
        for address in {*(link for link in links or [] if isinstance(link, str)), *find_links(text)}:
            found.setdefault(address, []).append(pk)
    return note_links(found)


def note_links(found: dict[str, list[int]]) -> int:
    """Keeps each address that can be followed with the posts that it stands in; how many are new."""
    new = 0
    for address, posts in found.items():
        if not host_of(address) or len(address.encode()) > LONGEST:
            continue
        link, made = LinkSeen.objects.get_or_create(
            address=address, defaults={"leads_to": judge_host(host_of(address))}
        )
        link.posts.add(*posts)
        new += made
    return new


def look_at_links(at: datetime, *, allow: Sequence[Network] = (), progress: Progress | None = None) -> dict[str, int]:
    """Follows the links that were never looked at or not for a month, the longest waiting first; how many came to which
    outcome.
    """
    due = Q(checked_at__isnull=True) | Q(checked_at__lt=at - AGAIN)
    waiting = list(
        LinkSeen.objects.filter(due, posts__published_at__gt=at - RECENT)
        .distinct()
        .order_by(F("checked_at").asc(nulls_first=True), "pk")[:MOST]
    )
    counts = dict.fromkeys((Outcome.ALIVE, Outcome.DEAD, Outcome.UNSEEN), 0)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for start in range(0, len(waiting), AT_A_TIME):
            batch = waiting[start : start + AT_A_TIME]
            for link, answer in zip(batch, pool.map(lambda link: _follow(link.address, allow), batch), strict=True):
                _judge(link, answer, at)
                counts[Outcome(link.outcome)] += 1
            LinkSeen.objects.bulk_update(batch, ["outcome", "checked_at", "leads_to", "hops", "reason"])
            if progress:
                progress(start + len(batch), len(waiting), "查看链接")
            if sum(counts.values()) >= GIVE_UP and counts[Outcome.UNSEEN] == sum(counts.values()):
                break
    return {str(outcome): count for outcome, count in counts.items()}


def _follow(address: str, allow: Sequence[Network]) -> Answer | str:
    try:
        return look(address, allow=allow, size_limit=0)
    except FetchFault as fault:
        return str(fault)


def _judge(link: LinkSeen, answer: Answer | str, at: datetime) -> None:
    """Only an answer that says so makes a link a dead one: a refusal, an error of the server or silence is not seen."""
    link.checked_at = at
    if isinstance(answer, str):
        link.outcome, link.reason, link.hops = Outcome.UNSEEN, answer, []
        return
    link.hops = list(answer.hops)
    link.leads_to = judge_host(host_of(answer.hops[-1]))
    if answer.status in GONE:
        link.outcome, link.reason = Outcome.DEAD, f"对方说没有这个页面（状态 {answer.status}）"
    elif 200 <= answer.status < 300:
        link.outcome, link.reason = Outcome.ALIVE, ""
    else:
        link.outcome, link.reason = Outcome.UNSEEN, f"对方返回状态 {answer.status}，可能要登录或暂时不可用"
