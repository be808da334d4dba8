"""Takes the rows of an opened bundle into the database: table by table, batch by batch, in one transaction of its
caller.

What one table needs beyond the others stands in its declaration; nothing here asks which table it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Max

from xinmei.collectors.bundle import write
from xinmei.collectors.bundle.faults import Fault, show
from xinmei.collectors.bundle.kinds import ABSENT
from xinmei.collectors.bundle.known import Known
from xinmei.collectors.bundle.outcome import Counts, Refusal
from xinmei.collectors.bundle.pictures import Pictures
from xinmei.collectors.bundle.rows import Row
from xinmei.collectors.bundle.sources import Source
from xinmei.collectors.bundle.table import Table

MayWrite = Callable[[str, tuple[str, ...]], bool]
# Primary key and values by identity, for the rows of the database that a batch may change.
Existing = dict[tuple[Any, ...], tuple[int, list[Any]]]


class Load:
    """One import of the given tables.

    `may_write(table, lineage)` is asked for each row; `lineage` holds the codes of its unit and of all units above it,
    from below.
    """

    def __init__(
        self,
        source: Source,
        tables: tuple[Table, ...],
        *,
        at: datetime,
        keep_good_rows: bool,
        refuse: Callable[[Refusal], None],
        may_write: MayWrite | None = None,
        progress: Callable[[str, int], None] | None = None,
    ) -> None:
        self.source, self.at = source, at
        self.keep = keep_good_rows
        self.report = refuse
        self.may_write = may_write
        self.progress = progress
        self.counts = Counts()
        # The identities of refused rows, by table. In an all-or-nothing import the rows that refer to them are neither
        # refused nor written.
        self.dead: dict[str, set[str]] = defaultdict(set)
        self.known = Known(tables)
        self.pictures = Pictures(source, at)
        self.reach: dict[tuple[str, int], bool] = {}
        self.revision = 1 + max((_last_revision(table) for table in tables if table.revised), default=0)

    # --- refusing

    def refuse(self, table: Table, row: Row, column: str | None, error: str) -> None:
        """Refuses a row. What refers to it falls too."""
        self.counts.refused += 1
        self._bury(table, row)
        self.report(Refusal(self.source.place(table), row.line, column, error))

    def withhold(self, table: Table, row: Row, column: str, code: str) -> None:
        """A row that refers to a refused one is refused too where good rows are kept; else it is only not written."""
        if self.keep:
            self.refuse(table, row, column, f"引用的 {show(code)} 在本次导入中被拒收，先改正那一行")
        else:
            self._bury(table, row)

    def _bury(self, table: Table, row: Row) -> None:
        if table.referred and (key := self.key(table, row)) is not None:
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
        """The rows of a table that are sound in themselves. The others are refused."""
        seen: set[str] = set()
        for row in self.source.rows(table):
            if row.whole:
                self.refuse(table, row, row.column, row.fault or "")
                if table.referred:
                    self.dead[table.name].update(self.source.codes(table))
                return
            key = self.key(table, row)
            again = key in seen
            if key is not None:
                seen.add(key)
            if row.fault is not None:
                self.refuse(table, row, row.column, row.fault)
            elif again:
                # The first row of an identity stands. Others refer to that one, not to this one.
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
            known = self.reach[table.name, unit] = self.may_write(table.name, self.known.lineage(unit))
        return known

    def refuse_out_of_reach(self, table: Table, row: Row) -> None:
        """Refuses a row of a unit that the caller may not write to. What is out of reach does not exist for them."""
        self.counts.out_of_reach += 1
        self.refuse(table, row, None, "不在您的职责范围内，不能导入")

    def resolve(self, table: Table, row: Row, stored: dict[str, set[str]]) -> bool:
        """Whether all references of a row can be followed.

        If not, the row is refused, or falls with what it refers to. `stored` holds the codes that `Known.find_codes`
        found for the batch.
        """
        fallen: tuple[str, str] | None = None
        keys = self.known.keys
        for place, target in table.references:
            code = row.values[place]
            if code is ABSENT or code == "":
                continue
            name = table.columns[place].name
            if code in self.dead[target]:
                fallen = fallen or (name, code)
                continue
            codes: Iterable[str] = keys[target].by_code if target in keys else stored[target]
            if code not in codes:
                label = self.known.tables[target].label
                self.refuse(table, row, name, f"{label} {show(code)} 既不在这个包里，也不在库里")
                return False
        if fallen and (self.keep or not self.has_fault_of_its_own(table, row)):
            self.withhold(table, row, *fallen)
        return not fallen

    def has_fault_of_its_own(self, table: Table, row: Row) -> bool:
        """Refuses a row that would be wrong even if what it refers to stood.

        One import thus reports all there is to mend.
        """
        if not self.take_pictures(table, row):
            return True
        if any(row.values[table.places[name]] is ABSENT for name in table.judged_by):
            return False
        values = [empty if value is ABSENT else value for empty, value in zip(table.empties, row.values, strict=True)]
        contradiction = table.contradicts(values)
        if contradiction:
            self.refuse(table, row, *contradiction)
        return contradiction is not None

    def take_pictures(self, table: Table, row: Row) -> bool:
        """Keeps the pictures that a row names. False where one cannot be taken; then the row is refused."""
        if not table.pictures:
            return True
        place = table.places[table.pictures]
        names = row.values[place]
        if names is ABSENT or not names:
            return True
        try:
            row.values[place] = self.pictures.keep(names)
        except Fault as fault:
            self.refuse(table, row, table.pictures, str(fault))
            return False
        return True

    # --- taking

    def take_table(self, table: Table) -> None:
        """Takes one table of the bundle, in its own way or in the usual one."""
        self.counts.start(table.name)
        if table.take:
            table.take(self, table)
        else:
            self.load(table)
        self.reread(table)

    def reread(self, table: Table) -> None:
        """Reads again what other tables refer to, after rows were written."""
        self.known.read(table)
        if table.referred:
            self.reach.clear()

    def load(self, table: Table) -> None:
        """Takes one table, in batches."""
        rows = self.sound_rows(table)
        fresh = not table.model._default_manager.exists()
        while batch := list(islice(rows, write.BATCH)):
            self.take(table, batch, fresh=fresh)
            if self.progress:
                self.progress(table.label, len(batch))

    def take(self, table: Table, batch: list[Row], *, fresh: bool) -> None:
        """Takes one batch. `fresh` says that the table had no row before: there is nothing to compare with."""
        stored = self.known.find_codes(table, batch)
        rows = [row for row in batch if self.resolve(table, row, stored)]
        if table.pictures:
            rows = [row for row in rows if self.take_pictures(table, row)]
        sound = [(row, self.known.with_keys(table, row.values)) for row in rows]
        existing = {} if fresh else self.find_existing(table, [values for _, values in sound])
        created: list[list[Any]] = []
        updated: list[list[Any]] = []
        empties = table.empties
        for row, given in sound:
            known = existing.get(tuple(given[place] for place in table.key_places))
            pk, old = known if known else (None, empties)
            values = [old[place] if value is ABSENT else value for place, value in enumerate(given)]
            if not self.within_reach(table, [values] if pk is None else [values, old]):
                self.refuse_out_of_reach(table, row)
            elif contradiction := table.contradicts(values):
                self.refuse(table, row, *contradiction)
            elif not fresh and (by_act := table.is_done_by_acts(None if pk is None else old, values)):
                self.refuse(table, row, *by_act)
            elif pk is None:
                created.append(values)
            elif values == old:
                self.counts.unchanged[table.name] += 1
            else:
                updated.append([*values, pk])
        self.counts.created[table.name] += len(created)
        self.counts.updated[table.name] += len(updated)
        self.put(table, created, updated)

    def within_reach(self, table: Table, states: list[list[Any]]) -> bool:
        """Whether the caller may write a row as it stands and as it will stand."""
        if self.may_write is None:
            return True
        units = {self.known.unit_of(table, state) for state in states}
        return all(self.may_touch(table, unit) for unit in units)

    def put(self, table: Table, created: list[list[Any]], updated: list[list[Any]]) -> None:
        """Writes new and changed rows, then the rows of their nested column."""
        names = list(table.fields)
        nested: dict[str, list[Any]] = {}
        if table.nested:
            code, place = table.key_places[0], table.places[table.nested.column]
            nested = {row[code]: row.pop(place) for row in (*created, *updated)}
        if table.revised:
            names.append("revision")
            for row in created:
                row.append(self.revision)
            for row in updated:
                row.insert(-1, self.revision)
        write.insert(table.model, names, created)
        write.update(table.model, names, updated)
        if table.nested:
            table.nested.clear([row[-1] for row in updated])
            self.put_nested(table, {code: rows for code, rows in nested.items() if rows})

    @staticmethod
    def put_nested(table: Table, by_code: dict[str, list[Any]]) -> None:
        """Writes the rows of a nested column, by the code of the row to which they belong."""
        if table.nested and by_code:
            field = table.code_field
            query = table.model._default_manager.filter(**{f"{field}__in": by_code})
            keys = dict(query.values_list(field, "pk"))
            table.nested.write({keys[code]: rows for code, rows in by_code.items()})

    def find_existing(self, table: Table, rows: list[list[Any]]) -> Existing:
        """Primary key and values of the rows of the database that have the identity of one of these."""
        wanted = {f"{field}__in": {values[place] for values in rows} for field, place in table.lookup}
        query = table.model._default_manager.filter(**wanted).order_by().values_list("pk", *table.fields)
        if table.nested is None:
            return {tuple(values[place] for place in table.key_places): (pk, values) for pk, *values in query}
        stored = {pk: values for pk, *values in query}
        nested = table.nested.read(stored)
        return {
            tuple(values[place] for place in table.key_places): (pk, [*values, nested.get(pk, [])])
            for pk, values in stored.items()
        }


def _last_revision(table: Table) -> int:
    return table.model._default_manager.aggregate(last=Max("revision"))["last"] or 0
