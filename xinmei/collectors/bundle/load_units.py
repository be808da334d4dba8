"""Takes the table of units: a row may refer to one below it in the file, so all are read before any is written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from xinmei.collectors.bundle import write
from xinmei.collectors.bundle.columns import ABSENT, show
from xinmei.collectors.bundle.load import Load
from xinmei.collectors.bundle.rows import Row
from xinmei.collectors.bundle.tables import UNITS
from xinmei.units.models import Unit
from xinmei.units.tree import rebuild_paths

PARENT, SYSTEM = UNITS.places["parent"], UNITS.places["vertical_system"]


class UnitLoad:
    """The units of one import: `rows` by code, values with the codes of other units where they refer to them."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.rows: dict[str, Row] = {row.values[0]: row for row in load.sound_rows(UNITS)}
        self.known: dict[str, list[Any]] = {}
        codes = load.unit_codes
        for values in Unit.objects.values_list(*UNITS.fields):
            row = list(values)
            for place in (PARENT, SYSTEM):
                row[place] = codes[row[place]] if row[place] is not None else ""
            self.known[row[0]] = row
        self.empties = [column.kind.empty for column in UNITS.columns]
        self.results = {code: self.result(row) for code, row in self.rows.items()}

    def result(self, row: Row) -> list[Any]:
        """The unit as it will stand."""
        old = self.known.get(row.values[0], self.empties)
        return [old[place] if value is ABSENT else value for place, value in enumerate(row.values)]

    def drop(self, code: str) -> Row:
        """Takes a row out."""
        del self.results[code]
        return self.rows.pop(code)

    def settle(self) -> None:
        """Refuses what refers to nothing, to a refused unit, back to itself, or lies out of reach, until nothing more falls."""
        before = -1
        while before != len(self.rows):
            before = len(self.rows)
            self.follow_references()
            self.refuse_loops()
            self.refuse_out_of_reach()

    def follow_references(self) -> None:
        """Each reference leads to a unit of the bundle or of the database; what refers to a refused one falls with it, however far away."""
        users = defaultdict(list)
        for code, values in self.results.items():
            for place in (PARENT, SYSTEM):
                users[values[place]].append(code)
        for code, values in list(self.results.items()):
            if code not in self.rows:
                continue
            dead = self.load.dead["units"]
            lost = [
                p
                for p in (PARENT, SYSTEM)
                if (t := values[p]) and t not in self.rows and (t in dead or t not in self.known)
            ]
            if not lost:
                continue
            place = next((p for p in lost if values[p] not in dead), lost[0])
            name, target = UNITS.columns[place].name, values[place]
            if target in dead:
                self.load.withhold(UNITS, self.drop(code), name, target)
            else:
                self.load.refuse(UNITS, self.drop(code), name, f"单位 {show(target)} 既不在这个包里，也不在库里")
            self.let_fall(code, users)

    def let_fall(self, code: str, users: dict[str, list[str]]) -> None:
        """Takes out all that refer to a unit that was taken out."""
        fallen = [code]
        while fallen:
            target = fallen.pop()
            for user in users[target]:
                if user in self.rows:
                    place = PARENT if self.results[user][PARENT] == target else SYSTEM
                    self.load.withhold(UNITS, self.drop(user), UNITS.columns[place].name, target)
                    fallen.append(user)

    def refuse_loops(self) -> None:
        """「a parent that leads back to itself」: every row of the bundle that is part of a ring."""
        parents = {code: values[PARENT] for code, values in self.known.items()} | {
            code: values[PARENT] for code, values in self.results.items()
        }
        done: set[str] = set()
        for start in parents:
            chain: dict[str, None] = {}
            at = start
            while at and at not in done and at not in chain:
                chain[at] = None
                at = parents.get(at, "")
            if at in chain:
                members = list(chain)
                ring = members[members.index(at) :]
                for code in ring:
                    if code in self.rows:
                        shown = " → ".join([*ring[:5], *(["…"] if len(ring) > 5 else []), ring[0]])
                        self.load.refuse(UNITS, self.drop(code), "parent", f"上级绕回自己：{shown}")
            done.update(chain)

    def refuse_out_of_reach(self) -> None:
        """A unit lies within reach as it stands and as it will stand."""
        may_write = self.load.may_write
        if may_write is None:
            return
        for code in list(self.rows):
            now = self.load.unit_ids.get(code)
            if not may_write("units", self.lineage(code)) or (now is not None and not self.load.may_touch(UNITS, now)):
                self.load.refuse_out_of_reach(UNITS, self.drop(code))

    def lineage(self, code: str) -> tuple[str, ...]:
        """The codes of a unit and of all above it, as they will stand."""
        codes: dict[str, None] = {}
        while code and code not in codes:
            codes[code] = None
            code = (self.results.get(code) or self.known.get(code) or self.empties)[PARENT]
        return tuple(codes)

    def put(self) -> None:
        """Writes new units without their references, then all references, then the paths of the tree."""
        counts, load = self.load.counts, self.load
        created = [values for code, values in self.results.items() if code not in self.known]
        updated = [values for code, values in self.results.items() if code in self.known and values != self.known[code]]
        counts.created["units"] += len(created)
        counts.updated["units"] += len(updated)
        counts.unchanged["units"] += len(self.results) - len(created) - len(updated)
        plain = [place for place in range(len(UNITS.columns)) if place not in (PARENT, SYSTEM)]
        names = [UNITS.fields[place] for place in plain]
        write.insert(Unit, [*names, "path"], [[*(values[place] for place in plain), ""] for values in created])
        load.read_units()
        ids = load.unit_ids
        write.update(Unit, names, [[*(values[place] for place in plain), ids[values[0]]] for values in updated])
        tree = [[ids.get(values[PARENT]), ids.get(values[SYSTEM]), ids[values[0]]] for values in (*created, *updated)]
        write.update(Unit, ["parent", "vertical_system"], tree)
        if created or updated:
            rebuild_paths()
        load.read_units()


def load_units(load: Load) -> None:
    """Takes the table of units."""
    units = UnitLoad(load)
    units.settle()
    units.put()
    if load.progress:
        load.progress(UNITS.label, len(units.rows))
