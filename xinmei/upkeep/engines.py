"""What each kind of database does in its own way.

Each is a module with `SUFFIX`, `estimate`, `write`, `rehearse` and `restore`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, cast

from django.db import connection

from xinmei.upkeep import postgres, sqlite


class Engine(Protocol):
    """The module of one kind of database."""

    SUFFIX: str

    def estimate(self) -> int:
        """About how many bytes a backup will take."""

    def write(self, path: Path, tables: Iterable[str]) -> dict[str, int]:
        """Writes the database as of one moment into a new file. Returns the rows of each table at that moment.

        Raises Unrecoverable.
        """

    def rehearse(self, path: Path, tables: Iterable[str]) -> dict[str, int]:
        """Restores into a temporary database and counts the rows of these tables. Raises Unrecoverable."""

    def restore(self, path: Path) -> None:
        """Restores into the database of the settings, which must be empty. Raises Unrecoverable."""


def engine() -> Engine:
    """The engine for the database of the settings."""
    return cast(Engine, sqlite if connection.vendor == "sqlite" else postgres)
