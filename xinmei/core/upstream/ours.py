"""An account of ours, as far as it is compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    """One account of the register. `unit_names` are other names by which its unit is known: short names, its code."""

    id: str
    platform: str
    kind: str
    name: str
    handle: str
    url: str
    unit: str
    unit_names: tuple[str, ...]
    verification: str
    status: str
    in_service: bool
    filed: bool
