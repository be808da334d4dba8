"""What people do in the register; the readings bring their own."""

from __future__ import annotations

from xinmei.registry.readings.verbs import DECIDE, PROPOSE

__all__ = ["DECIDE", "PROPOSE"]
