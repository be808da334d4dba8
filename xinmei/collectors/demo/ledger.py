"""What was planted in the made city, so that tests can compare it with what an inspection finds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Planted faults and near misses of a city of `accounts` accounts. Rates are for 400 accounts."""

    accounts: int
    planted: list[dict[str, str | None]] = field(default_factory=list)
    traps: list[dict[str, str | None]] = field(default_factory=list)

    def share(self, of_400: int) -> int:
        """A number given for 400 accounts, scaled to this city; at least one."""
        return max(1, round(of_400 * self.accounts / 400))

    def plant(self, kind: str, account: str | None, unit: str, subject: str, found_by: str = "machine") -> None:
        """Adds a fault.

        `kind` is the criterion, `subject` as the contract has it. `found_by` says whether a watch or a person finds it.
        """
        self.planted.append({"kind": kind, "account": account, "unit": unit, "subject": subject, "found_by": found_by})

    def trap(self, kind: str, account: str, subject: str, why: str) -> None:
        """Adds a near miss, which no inspection may take for a fault."""
        self.traps.append({"kind": kind, "account": account, "subject": subject, "why": why})
