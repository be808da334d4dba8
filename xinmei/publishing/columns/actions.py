"""A template kept, and one that is done with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.people.events import Acting, record
from xinmei.publishing.columns.models import ColumnTemplate

_WORDS = ("column", "title", "opening", "fixed", "signed", "cover")


def keep_template(
    template: ColumnTemplate | None, given: Mapping[str, Any], by: Acting, at: datetime
) -> ColumnTemplate:
    """A new template, or other words in one that is there. Raises NotNow where the column has one."""
    template = template or ColumnTemplate()
    for name in ("account", *_WORDS):
        if name in given:
            setattr(template, name, given[name])
    others = ColumnTemplate.objects.filter(account=template.account, column=template.column, ended_at=None)
    if others.exclude(pk=template.pk).exists():
        raise NotNow(f"“{template.account.name}”的栏目“{template.column}”已有模板：改那一个，或者换一个栏目名")
    template.by, template.at = by.login, at
    template.save()
    content = {"account": template.account.code, "column": template.column}
    record("template.keep", by=by, at=at, kind="template", number=template.pk, content=content)
    return template


def why_ended(template: ColumnTemplate, at: datetime) -> str:
    """What is done with stays so."""
    return f"栏目“{template.column}”的模板已停用，可以另写一个" if template.ended_at is not None else ""


def end_template(template: ColumnTemplate, given: Mapping[str, Any], by: Acting, at: datetime) -> ColumnTemplate:
    """No draft begins with it any more."""
    template.ended_at = at
    template.save(update_fields=["ended_at"])
    record("template.end", by=by, at=at, kind="template", number=template.pk, content={"column": template.column})
    return template
