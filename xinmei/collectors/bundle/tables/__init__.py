"""The tables of the exchange bundle, one module each.

They are found by their `TABLE` and put in the order in which they refer to each other.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from xinmei.collectors.bundle.table import Table


def _find_tables() -> tuple[Table, ...]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(sorted((module.TABLE for module in modules), key=lambda table: table.order))


TABLES = _find_tables()
