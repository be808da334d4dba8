"""Substring search in Chinese that stays fast at a million texts, the same on SQLite and PostgreSQL.

Each text is cut into its pairs of neighbouring characters. A pair belongs to one of 16,384 buckets; for each bucket and
each block of 65,536 numbers one row of the index tells which texts have it: as a list of places while they are few, as
a bitmap where they are many. A word is in a text only if all its pairs are, so the rows of a few buckets name the
candidates, and only these are read. Whose a text is (its account) has buckets of its own.

The index is brought up to date by a job, block by block; texts that came since are read one by one, so that nothing is
ever missing. Neither index nor search is a way around the doors or the masks: candidates come from rows that are
visible, and a word must stand in the text as it is shown.
"""

from __future__ import annotations

import operator
from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from zlib import crc32

from django.db import models, transaction
from django.db.models import Max, Q, QuerySet

from xinmei.compiled import as_array, numbers_of

BUCKETS = 16_384
BLOCK = 65_536
# More candidates than this are not looked at: then the word is so common that the last texts hold it many times.
MOST_CANDIDATES = 10_000
# Whose texts are asked for is told to the index up to so many owners, and to the database beyond.
MOST_OWNERS = 500
SHORTEST = 2
_MARK = -1

Progress = Callable[[int, int, str], None]


class Pairs(models.Model):
    """One row of an index. Block and bucket −1: up to which revision the index was made."""

    block = models.IntegerField()
    bucket = models.IntegerField()
    places = models.BinaryField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["block", "bucket"], name="%(class)s_one_row")]


@dataclass(frozen=True)
class Found:
    """Numbers of the rows found, newest first. `whole`: there are no others."""

    numbers: list[int]
    whole: bool

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def count(self) -> str:
        """How many, as far as they were counted."""
        return f"共 {len(self)} 条" if self.whole else f"至少 {len(self)} 条"


@dataclass(frozen=True)
class TextIndex:
    """The index of the texts (`fields`) of a model with a `revision`; `moment` says how new a row is, `owner` whose it
    is, `show` how it is shown.
    """

    model: type[Any]
    pairs: type[Any]
    fields: tuple[str, ...]
    moment: str
    show: Callable[[str], str]
    owner: str = "account_id"

    def find(self, rows: QuerySet[Any], word: str, most: int, owners: Sequence[int] | None = None) -> Found:
        """The newest `most` of `rows` that hold `word`, capital or small.

        `owners`: all whose rows these are, where they are few (None: anyone's).

        At most four queries. A word of one character finds nothing.
        """
        word = word.lower()
        if len(word) < SHORTEST or most <= 0:
            return Found([], whole=True)
        wanted = {_bucket(pair) for pair in _pairs_of(word)}
        named = (
            {_bucket_of_owner(owner) for owner in owners} if owners is not None and len(owners) <= MOST_OWNERS else None
        )
        asked = self.pairs.objects.filter(bucket__in=wanted | (named or set()) | {_MARK}).order_by("-block")
        read = [
            (block, bucket, bytes(places)) for block, bucket, places in asked.values_list("block", "bucket", "places")
        ]
        mark = next((int(places) for block, _, places in read if block == _MARK), -1)
        late = (
            self.model.objects.filter(self._holds(word), revision__gt=mark)
            .order_by()
            .values_list("pk", flat=True)[:MOST_CANDIDATES]
        )
        candidates = [*late, *_find_candidates(read, len(wanted), of_owners=named is not None)]
        inside = set(candidates[:MOST_CANDIDATES])
        if not inside:
            return Found([], whole=True)
        ordered = (
            rows.filter(pk__in=numbers_of(as_array(inside)))
            .order_by(f"-{self.moment}", "-pk")
            .values_list("pk", *self.fields)
        )
        found = self._first_holding(ordered, word, most + 1)
        if len(found) > most:
            return Found(found[:most], whole=False)
        return Found(found, whole=len(candidates) <= MOST_CANDIDATES)

    def _first_holding(self, ordered: QuerySet[Any, Any], word: str, wanted: int) -> list[int]:
        """The first `wanted` rows that hold the word, and show it."""
        found: list[int] = []
        # Nearly every candidate holds the word: about twice as many as are wanted are enough, but for words that are
        # mostly masked.
        enough = 2 * (wanted - 1)
        for part in (slice(0, enough), slice(enough, None)):
            texts = list(ordered[part])
            for pk, *row in texts:
                if any(word in text.lower() and word in self.show(text).lower() for text in row):
                    found.append(pk)
                    if len(found) == wanted:
                        return found
            if len(texts) < enough:
                break
        return found

    def is_behind(self) -> bool:
        """Whether texts came since the index was made."""
        last = self.model.objects.aggregate(last=Max("revision"))["last"]
        return last is not None and last > self._read_mark()

    def update(self, progress: Progress | None = None) -> int:
        """Makes the blocks anew in which texts came or changed; how many.

        Interrupted, it begins again; the index is right at any moment.
        """
        last = self.model.objects.aggregate(last=Max("revision"))["last"]
        mark = self._read_mark()
        if last is None or last <= mark:
            return 0
        changed = self.model.objects.filter(revision__gt=mark).order_by().values_list("pk", flat=True)
        blocks = sorted({pk // BLOCK for pk in changed.iterator(chunk_size=20_000)})
        for done, block in enumerate(blocks):
            if progress:
                progress(done, len(blocks), "编制检索")
            self._make(block)
        self.pairs.objects.update_or_create(block=_MARK, bucket=_MARK, defaults={"places": str(last).encode()})
        return len(blocks)

    def _read_mark(self) -> int:
        mark = self.pairs.objects.filter(block=_MARK, bucket=_MARK).values_list("places", flat=True).first()
        return -1 if mark is None else int(bytes(mark))

    def _holds(self, word: str) -> Q:
        return reduce(operator.or_, (Q(**{f"{field}__icontains": word}) for field in self.fields))

    def _make(self, block: int) -> None:
        first = block * BLOCK
        rows = (
            self.model.objects.filter(pk__gte=first, pk__lt=first + BLOCK)
            .order_by("pk")
            .values_list("pk", self.owner, *self.fields)
        )
        pairs: dict[str, array[int]] = defaultdict(lambda: array("H"))
        owners: dict[int, array[int]] = defaultdict(lambda: array("H"))
        for pk, owner, *texts in rows.iterator(chunk_size=2_000):
            place = pk - first
            owners[_bucket_of_owner(owner)].append(place)
            for pair in set().union(*(_pairs_of(text.lower()) for text in texts)):
                pairs[pair].append(place)
        buckets: dict[int, list[array[int]]] = defaultdict(
            list, {bucket: [places] for bucket, places in owners.items()}
        )
        for pair, places in pairs.items():
            buckets[_bucket(pair)].append(places)
        made = [self.pairs(block=block, bucket=bucket, places=_pack(parts)) for bucket, parts in buckets.items()]
        with transaction.atomic():
            self.pairs.objects.filter(block=block).delete()
            self.pairs.objects.bulk_create(made, batch_size=2_000)


def _find_candidates(read: list[tuple[int, int, bytes]], wanted: int, *, of_owners: bool) -> list[int]:
    """Numbers that have all the `wanted` buckets whose rows were read, and one of the owners read; the greatest first,
    hardly more than are used.
    """
    words: dict[int, list[bytes]] = defaultdict(list)
    owned: dict[int, list[bytes]] = defaultdict(list)
    for block, bucket, places in read:
        if bucket >= BUCKETS:
            owned[block].append(places)
        elif block != _MARK:
            words[block].append(places)
    found: list[int] = []
    for block, parts in words.items():
        if len(parts) < wanted or (of_owners and block not in owned):
            continue
        found += [
            block * BLOCK + place
            for place in _meet([*parts, _pack([_places(one) for one in owned[block]])] if of_owners else parts)
        ]
        if len(found) > MOST_CANDIDATES:
            break
    return found


def _pairs_of(text: str) -> set[str]:
    return set(map(operator.add, text, text[1:]))


def _bucket(pair: str) -> int:
    return crc32(pair.encode("utf-8", "surrogatepass")) % BUCKETS


def _bucket_of_owner(owner: int) -> int:
    return BUCKETS + owner % BUCKETS


def _pack(parts: list[array[int]]) -> bytes:
    """Places, from ascending ones: two bytes each, or a bitmap of 8,192 bytes where that is shorter."""
    places = parts[0] if len(parts) == 1 else array("H", sorted(set().union(*parts)))
    if len(places) < BLOCK // 16:
        return places.tobytes()
    bits = bytearray(BLOCK // 8)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _places(packed: bytes) -> array[int]:
    """Unpacked, ascending."""
    if len(packed) < BLOCK // 8:
        return array("H", packed)
    bits = format(int.from_bytes(packed, "little"), "b")[::-1]
    return array("H", [place for place, bit in enumerate(bits) if bit == "1"])


def _meet(parts: list[bytes]) -> list[int]:
    """Places that all of these rows have, the greatest first."""
    few = sorted((part for part in parts if len(part) < BLOCK // 8), key=len)
    bitmaps = [part for part in parts if len(part) == BLOCK // 8]
    if not few:
        met = reduce(operator.and_, (int.from_bytes(bitmap, "little") for bitmap in bitmaps))
        return list(reversed(_places(met.to_bytes(BLOCK // 8, "little"))))
    places = set(array("H", few[0])).intersection(*(array("H", part) for part in few[1:]))
    return sorted(
        (place for place in places if all(bitmap[place >> 3] >> (place & 7) & 1 for bitmap in bitmaps)), reverse=True
    )
