"""Evidence: the facts of a fault as bytes, with their hashes, so that what a platform deletes later changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.files.keeping import keep
from xinmei.publishing.models import join_text
from xinmei.supervision.models import Evidence

COLLECTOR = "xinmei 0.1"
JSON = "application/json"


# The form of the JSON that is kept of a finding. 1 has `account`, `unit`, `criterion`, `subject`, `steps`, `facts`,
# `quoted`, `observed_at`, `screening`; what was kept before has the same and says no version.
VERSION = 1


def make_evidence(
    content: Mapping[str, Any] | bytes, *, seen_at: datetime, source: str, edition: str, media_type: str = JSON
) -> Evidence:
    """An unsaved piece of evidence. A mapping is kept as canonical JSON (sorted keys, UTF-8), bytes as a file.

    Those are for the transaction of an act: `files.keeping`.
    """
    data = (
        content
        if isinstance(content, bytes)
        else json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, default=str).encode()
    )
    file = keep(data, seen_at) if data is content else None
    return Evidence(
        data=None if file else data,
        file=file,
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        sm3=hashlib.new("sm3", data).hexdigest(),
        seen_at=seen_at,
        source=source,
        collector=COLLECTOR,
        edition=edition,
    )


def read_hits(evidence: Evidence) -> tuple[str, list[dict[str, Any]]]:
    """The text that was screened, as it was seen then, and the hits in it.

    Both are empty where the evidence is of another kind.
    """
    if evidence.media_type != JSON:
        return "", []
    kept = json.loads(evidence.read())
    quoted = kept.get("quoted") or {}
    if "text" not in quoted:
        return "", []
    return join_text(quoted.get("title", ""), quoted["text"]), (kept.get("facts") or {}).get("hits") or []
