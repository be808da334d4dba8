"""栏目模板 in their acts."""

from __future__ import annotations

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.publishing.columns import actions
from xinmei.publishing.columns.doors import templates_visible_to
from xinmei.publishing.columns.forms import TemplateFields
from xinmei.publishing.columns.models import ColumnTemplate
from xinmei.registry.doors import host_named


class ShownTemplate(TypedDict):
    """What programs read of a template."""

    id: str
    account: str
    column: str
    title: str | None
    opening: str | None
    fixed: str | None
    signed: str | None
    cover: str | None
    by: str
    at: str | None
    ended_at: str | None


def show_template(template: ColumnTemplate, acting: Acting) -> ShownTemplate:
    """A template as programs read it."""
    return {
        "id": str(template.pk),
        "account": template.account.code,
        "column": template.column,
        "title": template.title or None,
        "opening": template.opening or None,
        "fixed": template.fixed or None,
        "signed": template.signed or None,
        "cover": template.cover or None,
        "by": template.by,
        "at": show_moment(template.at),
        "ended_at": show_moment(template.ended_at),
    }


TEMPLATE = Kind(
    name="template",
    label="栏目模板",
    path="templates",
    model=ColumnTemplate,
    rows=templates_visible_to,
    show=show_template,
    unit=lambda template: template.account.unit_id,
    related=("account",),
    page=lambda template: reverse("templates"),
    last_step=lambda found: {one.pk: one.ended_at or one.at for one in found},
)

KEEP_TEMPLATE = Verb(
    "template.keep",
    "保存栏目模板",
    of=TEMPLATE,
    right="write_draft",
    fields=TemplateFields,
    ready=actions.why_ended,
    do=actions.keep_template,
    makes=True,
    also=True,
    owner=host_named,
    page="templates",
    done=lambda template: f"栏目“{template.column}”的模板已保存，新稿可以从它开始。",
    main=True,
)
END_TEMPLATE = Verb(
    "template.end",
    "停用栏目模板",
    of=TEMPLATE,
    right="write_draft",
    ready=actions.why_ended,
    do=actions.end_template,
    done=lambda template: f"栏目“{template.column}”的模板已停用。",
)
