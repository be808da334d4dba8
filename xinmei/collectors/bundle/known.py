"""What the database already knows: the rows to which others refer, and the tree of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xinmei.collectors.bundle.kinds import ABSENT
from xinmei.collectors.bundle.rows import Row
from xinmei.collectors.bundle.table import Referred, Table
from xinmei.registry.models import Unit


@dataclass(slots=True)
class Keys:
    """The rows of a table to which others refer by key: primary keys by code, and the unit of each."""

    by_code: dict[str, int]
    units: dict[int, int]


class Known:
    """Codes, keys and units, all in memory: they are few."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.tables = {table.name: table for table in tables}
        self.keys: dict[str, Keys] = {}
        self.unit_codes: dict[int, str] = {}
        self.unit_parents: dict[int, int | None] = {}
        for table in tables:
            self.read(table)

    def read(self, table: Table) -> None:
        """Reads the keys of a table to which others refer by key, and the tree of units."""
        if table.referred is not Referred.BY_KEY:
            return
        rows = list(table.model._default_manager.values_list("pk", table.code_field, table.unit_field))
        self.keys[table.name] = Keys({code: pk for pk, code, _ in rows}, {pk: unit for pk, _, unit in rows})
        units = list(Unit.objects.values_list("pk", "code", "parent"))
        self.unit_codes = {pk: code for pk, code, _ in units}
        self.unit_parents = {pk: parent for pk, _, parent in units}

    def lineage(self, unit: int) -> tuple[str, ...]:
        """The codes of a unit and of all units above it, from below."""
        codes: list[str] = []
        at: int | None = unit
        while at is not None and self.unit_codes[at] not in codes:
            codes.append(self.unit_codes[at])
            at = self.unit_parents[at]
        return tuple(codes)

    def with_keys(self, table: Table, values: list[Any]) -> list[Any]:
        """The values as the database holds them, with primary keys in place of codes where a table is referred to by
        key.
        """
        values = values.copy()
        for place, target in table.references:
            code = values[place]
            if target in self.keys and code is not ABSENT:
                values[place] = self.keys[target].by_code[code]
        return values

    def unit_of(self, table: Table, values: list[Any]) -> int:
        """The unit to which a row belongs (its values with primary keys)."""
        place, target = table.references[0]
        return self.keys[target].units[values[place]]

    def find_codes(self, table: Table, batch: list[Row]) -> dict[str, set[str]]:
        """By table, the codes that the batch refers to and that are in the database.

        Those of the bundle are there by now.
        """
        found = {}
        for place, target in table.references:
            if target not in self.keys:
                codes = {code for row in batch if (code := row.values[place]) is not ABSENT and code}
                found[target] = self._stored(self.tables[target], codes) if codes else set()
        return found

    @staticmethod
    def _stored(table: Table, codes: set[str]) -> set[str]:
        field = table.code_field
        return set(table.model._default_manager.filter(**{f"{field}__in": codes}).values_list(field, flat=True))
