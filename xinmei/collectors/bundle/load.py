"""Takes the rows of an opened bundle into the database, table by table, batch by batch. Runs inside one transaction of its caller."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Max

from xinmei.collectors.bundle import write
from xinmei.collectors.bundle.columns import ABSENT, show
from xinmei.collectors.bundle.contradictions import find_contradiction
from xinmei.collectors.bundle.rows import Row
from xinmei.collectors.bundle.sources import Refused, Source
from xinmei.collectors.bundle.tables import ACCOUNTS, MESSAGES, POSTS, UNITS, Table
from xinmei.interaction.models import Message, Reply
from xinmei.publishing.models import Image, Post
from xinmei.registry.models import Account
from xinmei.units.models import Unit

# Rows that others refer to: whoever refers to a refused one is refused too.
REFERRED = {"units": UNITS, "accounts": ACCOUNTS, "posts": POSTS}
# Besides its account or unit, the column by which rows of these tables are looked up in the database.
SECOND_KEY = {
    "observations": "window_start",
    "functions": "checked_at",
    "inspections": "period",
    "commendations": "awarded_on",
    "patrols": "day",
}

MayWrite = Callable[[str, tuple[str, ...]], bool]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused row (or file): `line` is None for a fault of a whole file, `column` None where no single column is at fault."""

    file: str
    line: int | None
    column: str | None
    error: str


@dataclass(slots=True)
class Counts:
    """What an import did, by table."""

    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    out_of_reach: int = 0

    def start(self, table: str) -> None:
        """A table of the bundle begins."""
        self.created[table] = self.updated[table] = self.unchanged[table] = 0

    def clear(self) -> None:
        """Nothing was kept."""
        for table in self.created:
            self.start(table)


class Load:
    """One import. `may_write(table, lineage)` is asked for each row: the codes of its unit and of all units above it, from below."""

    def __init__(
        self,
        source: Source,
        *,
        keep_good_rows: bool,
        refuse: Callable[[Refusal], None],
        may_write: MayWrite | None = None,
        progress: Callable[[str, int], None] | None = None,
    ) -> None:
        self.source = source
        self.keep = keep_good_rows
        self.report = refuse
        self.may_write = may_write
        self.progress = progress
        self.counts = Counts()
        # Identities of refused rows, by table; in an all-or-nothing import those that refer to them are neither refused nor written.
        self.dead: dict[str, set[str]] = defaultdict(set)
        self.unit_ids: dict[str, int] = {}
        self.unit_codes: dict[int, str] = {}
        self.unit_parents: dict[int, int | None] = {}
        self.account_ids: dict[str, int] = {}
        self.account_units: dict[int, int] = {}
        self.images: dict[str, str] = {}
        self.reach: dict[tuple[str, int], bool] = {}
        last = max(
            Post.objects.aggregate(last=Max("revision"))["last"] or 0,
            Message.objects.aggregate(last=Max("revision"))["last"] or 0,
        )
        self.revision = last + 1
        self.read_units()
        self.read_accounts()

    # --- what the database knows

    def read_units(self) -> None:
        """Reads the tree of units."""
        rows = list(Unit.objects.values_list("pk", "code", "parent"))
        self.unit_ids = {code: pk for pk, code, _ in rows}
        self.unit_codes = {pk: code for pk, code, _ in rows}
        self.unit_parents = {pk: parent for pk, _, parent in rows}
        self.reach.clear()

    def read_accounts(self) -> None:
        """Reads whose the accounts are."""
        rows = list(Account.objects.values_list("pk", "code", "unit"))
        self.account_ids = {code: pk for pk, code, _ in rows}
        self.account_units = {pk: unit for pk, _, unit in rows}

    # --- refusing

    def refuse(self, table: Table, row: Row, column: str | None, error: str) -> None:
        """Refuses a row, and with it what refers to it."""
        self.counts.refused += 1
        if table.name in REFERRED and (key := self.key(table, row)) is not None:
            self.dead[table.name].add(key)
        self.report(Refusal(self.source.place(table), row.line, column, error))

    def withhold(self, table: Table, row: Row, column: str, code: str) -> None:
        """A row that refers to a refused one: refused too where good rows are kept, else only not written."""
        if self.keep:
            self.refuse(table, row, column, f"引用的 {show(code)} 在本次导入中被拒收，先改正那一行")
        elif table.name in REFERRED and (key := self.key(table, row)) is not None:
            self.dead[table.name].add(key)

    @staticmethod
    def key(table: Table, row: Row) -> str | None:
        """The identity of a row as one text; None where it cannot be read."""
        if not row.values:
            return None
        parts = [row.values[place] for place in table.key_places]
        if len(parts) == 1:
            return None if parts[0] is ABSENT else parts[0]
        return None if ABSENT in parts else "\0".join(map(str, parts))

    def sound_rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table that are sound in themselves; the others are refused."""
        seen: set[str] = set()
        for row in self.source.rows(table):
            if row.whole:
                self.refuse(table, row, row.column, row.fault or "")
                if table.name in REFERRED:
                    self.dead[table.name].update(self.source.codes(table))
                return
            key = self.key(table, row)
            again = key in seen
            if key is not None:
                seen.add(key)
            if row.fault is not None:
                self.refuse(table, row, row.column, row.fault)
            elif again:
                # The first row of that identity stands; it is not this one that others refer to.
                self.counts.refused += 1
                error = f"同一个包里已有一行相同的 {'、'.join(table.identity)}，只能有一行"
                self.report(Refusal(self.source.place(table), row.line, table.identity[0], error))
            else:
                yield row

    # --- references and reach

    def may_touch(self, table: Table, unit: int) -> bool:
        """Whether the caller may write rows of that unit."""
        if self.may_write is None:
            return True
        if (known := self.reach.get((table.name, unit))) is None:
            known = self.reach[table.name, unit] = self.may_write(table.name, self.lineage(unit))
        return known

    def lineage(self, unit: int) -> tuple[str, ...]:
        """The codes of a unit and of all units above it, from below."""
        codes: list[str] = []
        at: int | None = unit
        while at is not None and self.unit_codes[at] not in codes:
            codes.append(self.unit_codes[at])
            at = self.unit_parents[at]
        return tuple(codes)

    def refuse_out_of_reach(self, table: Table, row: Row) -> None:
        """Refuses a row of a unit that the caller may not write to. What is out of reach does not exist for them."""
        self.counts.out_of_reach += 1
        self.refuse(table, row, None, "不在您的职责范围内，不能导入")

    def resolve(self, table: Table, row: Row, posts: set[str]) -> bool:
        """Whether all references of a row can be followed; else it is refused, or falls with what it refers to."""
        fallen: tuple[str, str] | None = None
        for place, target in table.references:
            code = row.values[place]
            if code is ABSENT or code == "":
                continue
            name = table.columns[place].name
            if code in self.dead[target]:
                fallen = fallen or (name, code)
                continue
            known: Iterable[str] = (
                posts if target == "posts" else self.unit_ids if target == "units" else self.account_ids
            )
            if code not in known:
                self.refuse(table, row, name, f"{REFERRED[target].label} {show(code)} 既不在这个包里，也不在库里")
                return False
        if fallen and (self.keep or not self.has_fault_of_its_own(table, row)):
            self.withhold(table, row, *fallen)
        return not fallen

    def has_fault_of_its_own(self, table: Table, row: Row) -> bool:
        """Refuses a row that would not stand even if what it refers to did, so that one import tells all there is to mend."""
        if table is POSTS and not self.take_images(table, row):
            return True
        if table is ACCOUNTS and row.values[ACCOUNTS.places["closed_on"]] is ABSENT:
            return False
        values = [
            column.kind.empty if value is ABSENT else value
            for column, value in zip(table.columns, row.values, strict=True)
        ]
        contradiction = find_contradiction(table, values)
        if contradiction:
            self.refuse(table, row, *contradiction)
        return contradiction is not None

    def with_keys(self, table: Table, values: list[Any]) -> list[Any]:
        """The values as the database holds them: primary keys where accounts and units are referred to."""
        values = values.copy()
        for place, target in table.references:
            code = values[place]
            if target != "posts" and code is not ABSENT:
                values[place] = (self.unit_ids if target == "units" else self.account_ids)[code]
        return values

    def unit_of(self, table: Table, values: list[Any]) -> int:
        """The unit whose a row is (its values with primary keys)."""
        place, target = table.references[0]
        return values[place] if target == "units" else self.account_units[values[place]]  # type: ignore[no-any-return]

    # --- the usual table

    def load(self, table: Table) -> None:
        """Takes one table, in batches."""
        rows = self.sound_rows(table)
        fresh = not table.model._default_manager.exists()
        while batch := list(islice(rows, write.BATCH)):
            self.take(table, batch, fresh=fresh)
            if self.progress:
                self.progress(table.label, len(batch))

    def take(self, table: Table, batch: list[Row], *, fresh: bool) -> None:
        """Takes one batch; `fresh` says that the table had no row before, so that there is nothing to compare with."""
        posts = self.find_posts(table, batch)
        rows = [row for row in batch if self.resolve(table, row, posts)]
        if table is POSTS:
            rows = [row for row in rows if self.take_images(table, row)]
        sound = [(row, self.with_keys(table, row.values)) for row in rows]
        existing = {} if fresh else self.find_existing(table, [values for _, values in sound])
        created: list[list[Any]] = []
        updated: list[list[Any]] = []
        empties = [column.kind.empty for column in table.columns]
        for row, given in sound:
            known = existing.get(tuple(given[place] for place in table.key_places))
            pk, old = known if known else (None, empties)
            values = [old[place] if value is ABSENT else value for place, value in enumerate(given)]
            units = (
                {self.unit_of(table, state) for state in ([values] if pk is None else [values, old])}
                if self.may_write
                else set()
            )
            if not all(self.may_touch(table, unit) for unit in units):
                self.refuse_out_of_reach(table, row)
            elif contradiction := find_contradiction(table, values):
                self.refuse(table, row, *contradiction)
            elif pk is None:
                created.append(values)
            elif values == old:
                self.counts.unchanged[table.name] += 1
            else:
                updated.append([*values, pk])
        self.counts.created[table.name] += len(created)
        self.counts.updated[table.name] += len(updated)
        self.put(table, created, updated)

    def put(self, table: Table, created: list[list[Any]], updated: list[list[Any]]) -> None:
        """Writes new and changed rows."""
        names = list(table.fields)
        if table in (POSTS, MESSAGES):  # what came after a mark was not yet read by the screening
            names.append("revision")
            replies = table.places.get("replies")
            if replies is not None:
                written = {row[0]: row.pop(replies) for row in (*created, *updated)}
            for row in created:
                row.append(self.revision)
            for row in updated:
                row.insert(-1, self.revision)
        write.insert(table.model, names, created)
        write.update(table.model, names, updated)
        if table is MESSAGES:
            self.put_replies(written, replaced=[row[-1] for row in updated])

    def find_posts(self, table: Table, batch: list[Row]) -> set[str]:
        """The posts, among those that the batch refers to, that are in the database (those of the bundle are, by now)."""
        place = next((place for place, target in table.references if target == "posts"), None)
        if place is None:
            return set()
        codes = {code for row in batch if (code := row.values[place]) is not ABSENT and code}
        return set(Post.objects.filter(code__in=codes).values_list("code", flat=True)) if codes else set()

    def find_existing(self, table: Table, rows: list[list[Any]]) -> dict[tuple[Any, ...], tuple[int, list[Any]]]:
        """Primary key and values of the rows of the database that have the identity of one of these."""
        first = table.key_places[0] if table.name not in SECOND_KEY else table.references[0][0]
        wanted = {f"{table.columns[first].field or table.columns[first].name}__in": {values[first] for values in rows}}
        if second := SECOND_KEY.get(table.name):
            wanted[f"{second}__in"] = {values[table.places[second]] for values in rows}
        found: dict[tuple[Any, ...], tuple[int, list[Any]]] = {}
        for pk, *values in table.model._default_manager.filter(**wanted).order_by().values_list("pk", *table.fields):
            if table is MESSAGES:
                values.append([])
            found[tuple(values[place] for place in table.key_places)] = (pk, values)
        if table is MESSAGES:
            self.read_replies(found)
        return found

    # --- pictures and replies

    def take_images(self, table: Table, row: Row) -> bool:
        """Keeps the pictures of a post by their hash; False where one is not in the bundle."""
        place = table.places["images"]
        names = row.values[place]
        if names is ABSENT or not names:
            return True
        pairs = []
        for name in names:
            sha256 = self.images.get(name)
            if sha256 is None:
                try:
                    data = self.source.image(name)
                except Refused as refused:
                    self.refuse(table, row, "images", str(refused))
                    return False
                if data is None:
                    self.refuse(table, row, "images", f"图片 {show(name)} 不在这个包里，请把文件按这个名字放入")
                    return False
                sha256 = self.images[name] = hashlib.sha256(data).hexdigest()
                Image.objects.get_or_create(sha256=sha256, defaults={"data": data})
            pairs.append([name, sha256])
        row.values[place] = pairs
        return True

    def read_replies(self, messages: dict[tuple[Any, ...], tuple[int, list[Any]]]) -> None:
        """Fills in the replies of messages from the database."""
        by_pk = {pk: values[-1] for pk, values in messages.values()}
        replies = Reply.objects.filter(message__in=by_pk).order_by("message", "position")
        for pk, *reply in replies.values_list("message", "code", "replied_at", "text", "automatic"):
            by_pk[pk].append(tuple(reply))

    def put_replies(self, written: dict[str, list[Any]], *, replaced: list[int]) -> None:
        """Replies are replaced whole."""
        if replaced:
            Reply.objects.filter(message__in=replaced).delete()
        codes = [code for code, replies in written.items() if replies]
        if not codes:
            return
        pks = dict(Message.objects.filter(code__in=codes).values_list("code", "pk"))
        rows = [[pks[code], position, *reply] for code in codes for position, reply in enumerate(written[code])]
        write.insert(Reply, ["message", "position", "code", "replied_at", "text", "automatic"], rows)
