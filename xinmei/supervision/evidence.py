"""Evidence: the facts of a fault as bytes, with their hashes, so that what a platform deletes later changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.supervision.models import Evidence

COLLECTOR = "xinmei 0.1"
JSON = "application/json"


def make_evidence(content: Mapping[str, Any] | bytes, *, seen_at: datetime, source: str, edition: str, media_type: str = JSON) -> Evidence:
    """An unsaved piece of evidence. A mapping is kept as canonical JSON (sorted keys, UTF-8), bytes as they are."""
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, default=str).encode()
    return Evidence(
        data=data,
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        sm3=hashlib.new("sm3", data).hexdigest(),
        seen_at=seen_at,
        source=source,
        collector=COLLECTOR,
        edition=edition,
    )
