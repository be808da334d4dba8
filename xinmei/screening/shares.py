"""What is still to be read, by buckets of accounts, so that many workers read at once and none twice (0298).

Each bucket has a mark of its own. A bucket that is read to its end gets the mark of the whole table, so that what came
later is found by one question for all buckets.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from xinmei.interaction.models import Message
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.screening.models import ScreeningMark

ACCOUNTS_A_BUCKET = 100  # of neighbouring numbers
Mark = tuple[int, int]
NOTHING: Mark = (0, 0)
TABLES = {"post": Post.objects.all(), "message": Message.objects.filter(published_at__isnull=False)}


@dataclass(frozen=True, slots=True)
class Share:
    """The texts of one table and one bucket that are still to be read, as of `end`."""

    table: str
    bucket: int
    end: Mark
    unread: int

    @property
    def texts(self) -> QuerySet[Any]:
        """Every text of the bucket, read or not."""
        first = self.bucket * ACCOUNTS_A_BUCKET
        return TABLES[self.table].filter(account__gte=first, account__lt=first + ACCOUNTS_A_BUCKET)

    def as_row(self) -> list[Any]:
        """For the arguments of a job."""
        return [self.table, self.bucket, list(self.end), self.unread]

    @classmethod
    def from_row(cls, row: list[Any]) -> Share:
        """Out of the arguments of a job."""
        table, bucket, (revision, number), unread = row
        return cls(table, bucket, (revision, number), unread)


def bucket_of(account: int) -> int:
    """The bucket of an account, which never changes."""
    return account // ACCOUNTS_A_BUCKET


def find_shares(version: str) -> list[Share]:
    """What this version has not read yet, posts before messages; buckets without a new text get the mark of the end."""
    return [share for table in TABLES for share in _find_in(version, table)]


def pack(shares: Iterable[Share]) -> Iterator[list[Share]]:
    """The shares in parts of some length."""
    part: list[Share] = []
    for share in shares:
        part.append(share)
        if sum(one.unread for one in part) >= settings.PART_TEXTS:
            yield part
            part = []
    if part:
        yield part


def after(mark: Mark) -> Q:
    """The rows that come after the mark."""
    revision, row = mark
    return Q(revision__gt=revision) | Q(revision=revision, pk__gt=row)


def _find_in(version: str, table: str) -> list[Share]:
    marks = _marks_of(version, table)
    end = _find_end(table)
    counts: Counter[int] = Counter()
    by_mark: dict[Mark, set[int]] = defaultdict(set)
    for bucket, mark in marks.items():
        by_mark[mark].add(bucket)
    for mark, buckets in by_mark.items():
        rows = TABLES[table] if mark == NOTHING else TABLES[table].filter(after(mark))
        for account, count in rows.order_by().values_list("account").annotate(count=Count("pk")):
            if (bucket := bucket_of(account)) in buckets:
                counts[bucket] += count
    behind = Q(revision__lt=end[0]) | Q(revision=end[0], row__lt=end[1])
    quiet = ScreeningMark.objects.filter(behind, version=version, table=table).exclude(bucket__in=list(counts))
    quiet.update(revision=end[0], row=end[1])
    return [Share(table, bucket, end, counts[bucket]) for bucket in sorted(counts)]


def _marks_of(version: str, table: str) -> dict[int, Mark]:
    """The mark of each bucket; what has none yet gets one that has read nothing."""
    highest = Account.objects.aggregate(last=Max("pk"))["last"] or 0
    of_table = ScreeningMark.objects.filter(version=version, table=table)
    known = set(of_table.values_list("bucket", flat=True))
    ScreeningMark.objects.bulk_create(
        [
            ScreeningMark(version=version, table=table, bucket=bucket, revision=0, row=0)
            for bucket in range(bucket_of(highest) + 1)
            if bucket not in known
        ],
        ignore_conflicts=True,  # another run beside this one made it
    )
    return {bucket: (revision, row) for bucket, revision, row in of_table.values_list("bucket", "revision", "row")}


def _find_end(table: str) -> Mark:
    """The last row of the table as it is now: later ones come after it (`hold("revision")` of the imports)."""
    last = TABLES[table].order_by("-revision", "-pk").values_list("revision", "pk").first()
    return last or NOTHING
