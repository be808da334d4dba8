"""审核限时 in its act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.refusals import NotNow, NotSo
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import Fields, show_moment
from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting, record
from xinmei.people.reach import reach_q
from xinmei.publishing.drafts.doors import sees_all_of
from xinmei.publishing.terms.models import ReviewTerm

LONGEST = 240


class TermFields(Fields):
    """How many hours."""

    hours = forms.IntegerField(
        label="审核、审签各几小时",
        min_value=0,
        max_value=LONGEST,
        help_text=f"按钟点算，1 到 {LONGEST}；0 就是不限时。过半和到时各提醒一次。",
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            "invalid": "应写成整数。",
            "min_value": "不能是负数；0 就是不限时。",
            "max_value": f"至多 {LONGEST} 小时。",
        },
    )


def set_term(given: Mapping[str, Any], by: Acting, at: datetime) -> ReviewTerm:
    """The term of one's own unit, for what is sent or checked from now on."""
    if by.unit_id is None:
        raise NotSo("请用单位管理员的岗位办理：设定的是本单位的审核限时")
    term = ReviewTerm.objects.filter(unit=by.unit_id).first() or ReviewTerm(unit_id=by.unit_id)
    hours = given["hours"] or None
    if term.hours == hours:
        raise NotNow(f"现在就是“{term}”，不用再设定")
    term.hours, term.by, term.at = hours, by.login, at
    term.save()
    record("review_term.set", by=by, at=at, kind="review_term", number=term.pk, content={"hours": term.hours})
    return term


class ShownTerm(TypedDict):
    """What programs read of the term of a unit."""

    id: str
    unit: str
    hours: int | None
    by: str
    at: str | None


def show_term(term: ReviewTerm, acting: Acting) -> ShownTerm:
    """The term of a unit as programs read it."""
    return {
        "id": str(term.pk),
        "unit": term.unit.code,
        "hours": term.hours,
        "by": term.by,
        "at": show_moment(term.at),
    }


def terms_visible_to(acting: Acting) -> QuerySet[ReviewTerm]:
    """That of one's own unit."""
    if not sees_all_of(acting):
        return ReviewTerm.objects.none()
    return ReviewTerm.objects.filter(reach_q(acting, reach_to_see(acting, "drafts")))


REVIEW_TERM = Kind(
    name="review_term",
    label="审核限时",
    path="review_terms",
    model=ReviewTerm,
    rows=terms_visible_to,
    show=show_term,
    unit=lambda term: term.unit_id,
    related=("unit",),
    page=lambda term: reverse("drafts"),
    last_step=lambda found: {one.pk: one.at for one in found},
)
SET_REVIEW_TERM = Verb(
    "review_term.set",
    "设定审核限时",
    of=REVIEW_TERM,
    right="set_review_term",
    fields=TermFields,
    do=set_term,
    makes=True,
    page="drafts",
    done=lambda term: f"已设定：{term}。已经送审的照原来的算。",
)
