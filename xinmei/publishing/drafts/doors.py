"""The doors of drafts: the own unit sees its own; 「inspectors C the released ones」, for ever.

Who may sign is a question of the person, never of the position alone: 「a person is one person whatever positions they
hold or stand in for」.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from xinmei.people.doors import may, one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.people.rights import AT_A_UNIT
from xinmei.publishing.models import Draft
from xinmei.units.reach import CITY

State = Draft.State


def sees_all_of(acting: Acting) -> bool:
    """Whether this position sees drafts that are not released, and every version; inspectors do not."""
    return not acting.judged or reach_to_see(acting, "drafts") != CITY


def drafts_visible_to(acting: Acting) -> QuerySet[Draft]:
    """Drafts in reach; for inspectors those that were released."""
    rows = Draft.objects.filter(reach_q(acting, reach_to_see(acting, "drafts")))
    return rows if sees_all_of(acting) else rows.filter(release__isnull=False)


def draft_for(acting: Acting, pk: object) -> Draft:
    """One draft. Raises Http404 out of reach."""
    return one_of(drafts_visible_to(acting).select_related("unit", "current", "release__version"), pk)


WRITES_IN = {
    State.DRAFT: "write_draft",
    State.RETURNED: "write_draft",
    State.CHECKING: "check_draft",
    State.SIGNING: "sign_draft",
}


def writes_now(acting: Acting, draft: Draft) -> bool:
    """Whether this position may change the words in this state, were it not for who signed before."""
    right = WRITES_IN.get(State(draft.state), "")
    return bool(right) and may(acting, right) and acting.unit_id == draft.unit_id


def draft_to_write(acting: Acting, pk: object) -> Draft:
    """One draft, for the people of its unit who write on drafts, in whatever state it is. Raises Http404 for others."""
    found = draft_for(acting, pk)
    if acting.unit_id != found.unit_id or not any(may(acting, right) for right in set(WRITES_IN.values())):
        raise Http404
    return found


def drafter_of(draft: Draft) -> str:
    """「in DRAFT and RETURNED there is neither drafter nor reviewer」"""
    return "" if draft.state in (State.DRAFT, State.RETURNED) else draft.drafter


def reviewer_of(draft: Draft) -> str:
    """「in CHECKING no reviewer」"""
    return "" if draft.state in (State.DRAFT, State.RETURNED, State.CHECKING) else draft.reviewer


def must_be_another(acting: Acting, draft: Draft, right: str) -> str:
    """「section_head O, not the drafter」, 「leader O, neither」: three people."""
    if right == "check_draft" and acting.login == drafter_of(draft):
        return f"{acting}是这篇稿件的拟稿人，审核要由另一个人办"
    if right == "sign_draft" and acting.login in (drafter_of(draft), reviewer_of(draft)):
        own = "拟稿人" if acting.login == drafter_of(draft) else "审核人"
        return f"{acting}是这篇稿件的{own}，审签要由第三个人办"
    return ""


def must_be_the_drafter(acting: Acting, draft: Draft, right: str) -> str:
    """Where no right decides, it is the drafter, in a position at the unit: who sent it last."""
    if right:
        return ""
    is_here = acting.position in AT_A_UNIT and acting.unit_id == draft.unit_id
    return "" if is_here and acting.login == draft.drafter else f"{acting}不是这篇稿件的拟稿人"
