"""What the register has done in the background; each part brings its own."""

from __future__ import annotations

from xinmei.registry.filings import jobs as filings
from xinmei.registry.reconciling import jobs as reconciling

__all__ = ["filings", "reconciling"]
