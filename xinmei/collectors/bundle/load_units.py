"""Takes the table of units. A row may refer to one below it in the file, so all are read before any is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from xinmei.collectors.bundle import write
from xinmei.collectors.bundle.faults import show
from xinmei.collectors.bundle.kinds import ABSENT
from xinmei.collectors.bundle.load import Load
from xinmei.collectors.bundle.rows import Row
from xinmei.collectors.bundle.table import Table
from xinmei.people.doors import day_of
from xinmei.units.history import IMPORTED, keep_former
from xinmei.units.models import Unit
from xinmei.units.tree import rebuild_paths


class UnitLoad:
    """The units of one import: `rows` by code, values with the codes of other units where they refer to them."""

    def __init__(self, load: Load, table: Table) -> None:
        self.load, self.table = load, table
        self.parent, self.system = self.upward = (table.places["parent"], table.places["vertical_system"])
        self.rows: dict[str, Row] = {row.values[0]: row for row in load.sound_rows(table)}
        self.ids = load.known.keys[table.name].by_code
        self.known: dict[str, list[Any]] = {}
        codes = load.known.unit_codes
        for values in Unit.objects.values_list(*table.fields):
            row = list(values)
            for place in self.upward:
                row[place] = codes[row[place]] if row[place] is not None else ""
            self.known[row[0]] = row
        self.results = {code: self.result(row) for code, row in self.rows.items()}

    def result(self, row: Row) -> list[Any]:
        """The unit as it will stand."""
        old = self.known.get(row.values[0], self.table.empties)
        return [old[place] if value is ABSENT else value for place, value in enumerate(row.values)]

    def drop(self, code: str) -> Row:
        """Takes a row out."""
        del self.results[code]
        return self.rows.pop(code)

    def settle(self) -> None:
        """Refuses rows until nothing more falls.

        A row falls that refers to nothing, to a refused unit, back to itself, or that lies out of reach.
        """
        before = -1
        while before != len(self.rows):
            before = len(self.rows)
            self.follow_references()
            self.refuse_loops()
            self.refuse_out_of_reach()

    def follow_references(self) -> None:
        """Each reference leads to a unit of the bundle or of the database.

        What refers to a refused unit falls with it, however far away.
        """
        users = defaultdict(list)
        for code, values in self.results.items():
            for place in self.upward:
                users[values[place]].append(code)
        for code, values in list(self.results.items()):
            lost = self.find_lost(values) if code in self.rows else None
            if lost is None:
                continue
            name, target = self.table.columns[lost].name, values[lost]
            if target in self.load.dead[self.table.name]:
                self.load.withhold(self.table, self.drop(code), name, target)
            else:
                error = f"{self.table.label} {show(target)} 既不在这个包里，也不在库里"
                self.load.refuse(self.table, self.drop(code), name, error)
            self.let_fall(code, users)

    def find_lost(self, values: list[Any]) -> int | None:
        """The place of a reference that cannot be followed.

        A reference to nothing at all goes before one to a refused unit.
        """
        dead = self.load.dead[self.table.name]
        lost = [
            place
            for place in self.upward
            if (target := values[place]) and target not in self.rows and (target in dead or target not in self.known)
        ]
        return next((place for place in lost if values[place] not in dead), lost[0]) if lost else None

    def let_fall(self, code: str, users: dict[str, list[str]]) -> None:
        """Takes out all that refer to a unit that was taken out."""
        fallen = [code]
        while fallen:
            target = fallen.pop()
            for user in users[target]:
                if user in self.rows:
                    place = self.parent if self.results[user][self.parent] == target else self.system
                    self.load.withhold(self.table, self.drop(user), self.table.columns[place].name, target)
                    fallen.append(user)

    def refuse_loops(self) -> None:
        """「a parent that leads back to itself」: every row of the bundle that is part of a ring."""
        parents = {code: values[self.parent] for code, values in (self.known | self.results).items()}
        done: set[str] = set()
        for start in parents:
            chain: dict[str, None] = {}
            at = start
            while at and at not in done and at not in chain:
                chain[at] = None
                at = parents.get(at, "")
            if at in chain:
                members = list(chain)
                self.refuse_ring(members[members.index(at) :])
            done.update(chain)

    def refuse_ring(self, ring: list[str]) -> None:
        """Refuses each row of a ring that the bundle brings."""
        shown = " → ".join([*ring[:5], *(["…"] if len(ring) > 5 else []), ring[0]])
        for code in ring:
            if code in self.rows:
                self.load.refuse(self.table, self.drop(code), "parent", f"上级绕回自己：{shown}")

    def refuse_out_of_reach(self) -> None:
        """Refuses rows of units out of reach. A unit must lie within reach as it stands and as it will stand."""
        may_write = self.load.may_write
        if may_write is None:
            return
        for code in list(self.rows):
            now = self.ids.get(code)
            allowed = may_write(self.table.name, self.lineage(code))
            if not allowed or (now is not None and not self.load.may_touch(self.table, now)):
                self.load.refuse_out_of_reach(self.table, self.drop(code))

    def lineage(self, code: str) -> tuple[str, ...]:
        """The codes of a unit and of all above it, as they will stand."""
        codes: dict[str, None] = {}
        while code and code not in codes:
            codes[code] = None
            code = (self.results.get(code) or self.known.get(code) or self.table.empties)[self.parent]
        return tuple(codes)

    def put(self) -> None:
        """Writes new units without their references, then all references, then the paths of the tree."""
        table, results = self.table, self.results
        created = [values for code, values in results.items() if code not in self.known]
        updated = [values for code, values in results.items() if code in self.known and values != self.known[code]]
        self.count(len(created), len(updated))
        plain = [place for place in range(len(table.columns)) if place not in self.upward]
        names = [table.fields[place] for place in plain]
        write.insert(Unit, [*names, "path"], [[*(values[place] for place in plain), ""] for values in created])
        self.load.reread(table)
        ids = self.load.known.keys[table.name].by_code
        self.keep_what_was(values[0] for values in updated)
        write.update(Unit, names, [[*(values[place] for place in plain), ids[values[0]]] for values in updated])
        tree = [[*(ids.get(values[place]) for place in self.upward), ids[values[0]]] for values in (*created, *updated)]
        write.update(Unit, [table.fields[place] for place in self.upward], tree)
        if created or updated:
            rebuild_paths()

    def keep_what_was(self, codes: Iterable[str]) -> None:
        """What a unit was until today, where its name, its kind or its place changes."""
        places = [self.table.places[name] for name in ("name", "kind", "parent", "vertical_system")]
        moved = [code for code in codes if any(self.results[code][one] != self.known[code][one] for one in places)]
        if moved:
            keep_former(Unit.objects.filter(code__in=moved), day_of(self.load.at), IMPORTED)

    def count(self, created: int, updated: int) -> None:
        """Counts what is written, and what stays as it is."""
        counts, name = self.load.counts, self.table.name
        counts.created[name] += created
        counts.updated[name] += updated
        counts.unchanged[name] += len(self.results) - created - updated


def load_units(load: Load, table: Table) -> None:
    """Takes the table of units."""
    units = UnitLoad(load, table)
    units.settle()
    units.put()
    if load.progress:
        load.progress(table.label, len(units.rows))
