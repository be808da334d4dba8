"""稿源单位: added and ended by the head of the city's inspection; all positions see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.publishing.sources.actions import add_source, end_source, why_ended
from xinmei.publishing.sources.forms import AddFields, EndFields
from xinmei.publishing.sources.models import ApprovedSource
from xinmei.publishing.sources.queries import sources_visible_to

ShownSource = TypedDict(
    "ShownSource",
    {
        "id": str,
        "name": str,
        "level": str,
        "allowed_by": str,
        "from": str | None,
        "to": str | None,
        "by": str,
        "at": str | None,
    },
)


def show_source(source: ApprovedSource, acting: Acting) -> ShownSource:
    """A source as programs read it."""
    return {
        "id": str(source.pk),
        "name": source.name,
        "level": source.level,
        "allowed_by": source.allowed_by,
        "from": show_day(source.starts_on),
        "to": show_day(source.ends_on),
        "by": source.added_by,
        "at": show_moment(source.added_at),
    }


def _last_step(sources: Sequence[ApprovedSource]) -> Mapping[Any, datetime]:
    return {one.pk: one.ended_at or one.added_at for one in sources}


SOURCE = Kind(
    name="source",
    label="稿源单位",
    path="sources",
    model=ApprovedSource,
    rows=sources_visible_to,
    show=show_source,
    page=lambda source: reverse("sources"),
    last_step=_last_step,
)

ADD_SOURCE = Verb(
    "source.add",
    "列入稿源单位",
    of=SOURCE,
    makes=True,
    right="approve_source",
    fields=AddFields,
    do=add_source,
    page="sources",
    done=lambda source: f"“{source.name}”已列入。",
    hint="国家、省公布的名单在系统里；这里只列入本市另外确定的。",
    main=True,
)
END_SOURCE = Verb(
    "source.end",
    "停用稿源单位",
    of=SOURCE,
    right="approve_source",
    ready=why_ended,
    fields=EndFields,
    do=end_source,
    done=lambda source: f"“{source.name}”到 {source.ends_on} 为止。",
)
