"""What is red for those who look after the house.

Each room says its own in a module `alarms.py`: `alarms(acting, now) -> list[Alarm]`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alarm:
    """One sentence, and where to go; `order` among those of all rooms."""

    text: str
    address: str = ""
    title: str = ""
    order: int = 0
