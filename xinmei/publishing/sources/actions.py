"""A source added to the list, and taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.people.events import Acting, record
from xinmei.publishing.sources.models import ApprovedSource


def add_source(given: Mapping[str, Any], by: Acting, at: datetime) -> ApprovedSource:
    """Adds a source. 「原则上只转载党委、政府以及有关主管部门确定的稿源单位信息」"""
    source = ApprovedSource.objects.create(
        name=given["name"],
        level=given["level"],
        allowed_by=given["allowed_by"],
        starts_on=given["from"],
        added_by=by.login,
        added_at=at,
    )
    content = {
        "name": source.name,
        "level": source.level,
        "allowed_by": source.allowed_by,
        "from": source.starts_on,
    }
    record("source.add", by=by, at=at, kind="source", number=source.pk, content=content)
    return source


def why_ended(source: ApprovedSource, at: datetime) -> str:
    """What is off the list is not taken off again."""
    return f"“{source.name}”已停用，末日 {source.ends_on}" if source.ends_on is not None else ""


def end_source(source: ApprovedSource, given: Mapping[str, Any], by: Acting, at: datetime) -> ApprovedSource:
    """Takes it off the list at the end of the day. What was reposted before stays as it was."""
    source.ends_on, source.ended_by, source.ended_at = given["on"], by.login, at
    source.save(update_fields=["ends_on", "ended_by", "ended_at"])
    record("source.end", by=by, at=at, kind="source", number=source.pk, content={"on": source.ends_on})
    return source
