"""Why a file or a function is longer than the house likes: read from reasons.txt, one line each."""

from __future__ import annotations

from pathlib import Path

WHERE = Path("tools/figures/reasons.txt")


def read_reasons(root: Path) -> dict[str, str]:
    """`path` or `path:function`, and its reason. Raises ValueError where a line gives none, or a place stands twice."""
    reasons: dict[str, str] = {}
    if not (root / WHERE).is_file():
        return reasons
    for number, line in enumerate((root / WHERE).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place, _, reason = line.partition(" ")
        if not reason.strip():
            raise ValueError(f"{WHERE}:{number}: {place} has no reason")
        if place in reasons:
            raise ValueError(f"{WHERE}:{number}: {place} stands twice")
        reasons[place] = reason.strip()
    return reasons
