"""The bell beside the name of whoever is logged in."""

from __future__ import annotations

PARTS = {"bell": "notices/bell.html"}
