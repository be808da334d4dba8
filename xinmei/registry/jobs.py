"""What the register has done in the background; each part brings its own."""

from __future__ import annotations

from xinmei.registry.reconciling import jobs

__all__ = ["jobs"]
