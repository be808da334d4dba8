"""What comes of an import: rows written, left alone, or refused."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused row or file.

    `line` is None for a fault of a whole file, `column` where no single column is at fault.
    """

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
        """Starts the counts of a table."""
        self.created[table] = self.updated[table] = self.unchanged[table] = 0

    def clear(self) -> None:
        """Clears the counts, because nothing was kept."""
        for table in self.created:
            self.start(table)
