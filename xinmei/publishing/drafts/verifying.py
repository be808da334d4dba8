"""What was released, found by a short code: the beginning of its SHA-256."""

from __future__ import annotations

import re

from xinmei.publishing.models import Release

# 48 bits in three groups: short enough to read out over the telephone.
LENGTH = 12
_GROUP = 4


def code_of(release: Release) -> str:
    """「A1B2-C3D4-E5F6」"""
    code = release.sha256[:LENGTH].upper()
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def releases_by(code: str) -> list[Release]:
    """The releases whose code this is, whatever its signs and case; a whole digest is a code too."""
    letters = re.sub(r"[\s-]", "", code).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{LENGTH},64}}", letters, re.ASCII):
        return []
    rows = Release.objects.filter(sha256__startswith=letters).select_related("draft__unit", "version")
    return list(rows.order_by("pk")[:5])
