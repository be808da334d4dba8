"""Which test questions a position sees. Blind: to a unit a question does not exist before it is over.

Where a question came in as a message, the message is like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from xinmei.core.questions import Agreement, Mark, agree, question_rules
from xinmei.people.doors import may, one_of, reach_to_do, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.models import Account
from xinmei.supervision.questions.models import Asking, Draw, Prompt, Rating

RIGHT = "ask_question"
State = Asking.State
BOTH = 2


def prompts_visible_to(acting: Acting) -> QuerySet[Prompt]:
    """The declared questions: for those who ask, and hold no position at a host that may be asked."""
    return Prompt.objects.all() if may(acting, RIGHT) and not acting.held_at else Prompt.objects.none()


def draws_visible_to(acting: Acting) -> QuerySet[Draw]:
    """The draws: for those who ask, but not for whoever holds a position at a unit that is asked."""
    if not may(acting, RIGHT):
        return Draw.objects.none()
    own = Asking.objects.filter(account__unit__in=acting.held_at).exclude(state=State.OVER)
    return Draw.objects.exclude(pk__in=own.values("draw")) if acting.held_at else Draw.objects.all()


def askings_visible_to(acting: Acting) -> QuerySet[Asking]:
    """All for those who ask, apart from those of a host at which they hold a position; for others what is over, as far
    as they see messages.
    """
    if may(acting, RIGHT):
        rows = Asking.objects.filter(reach_q(acting, reach_to_do(acting, RIGHT), "account__unit"))
        blind = Q(account__unit__in=acting.held_at) & ~Q(state=State.OVER)
        return rows.exclude(blind) if acting.held_at else rows
    return Asking.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "account__unit"), state=State.OVER)


def draw_for(acting: Acting, pk: object) -> Draw:
    """One draw; Http404 for whoever does not ask."""
    return one_of(draws_visible_to(acting), pk)


def asking_for(acting: Acting, pk: object) -> Asking:
    """One question; Http404 out of reach, and for the unit before it is over."""
    rows = askings_visible_to(acting).select_related("account__unit", "prompt", "draw", "finding")
    return one_of(rows, pk)


def proof_for(acting: Acting, pk: object, name: str) -> tuple[Any, str]:
    """A proof of a question (`asked` or `seen`), and its media type; Http404 where there is none."""
    asking = asking_for(acting, pk)
    file = {"asked": asking.asked_file_id, "seen": asking.seen_file_id}.get(name)
    if file is None:
        raise Http404
    return file, asking.asked_type if name == "asked" else asking.seen_type


def accounts_to_draw(acting: Acting, at: datetime) -> QuerySet[Account]:
    """Accounts in service that were not drawn lately, and at whose host the person holds no position."""
    lately = Asking.objects.filter(draw__made_at__gt=at - question_rules().rest).exclude(state=State.DROPPED)
    rows = Account.objects.filter(reach_q(acting, reach_to_do(acting, RIGHT)), status__in=Account.SERVING)
    return rows.exclude(unit__in=acting.held_at).exclude(pk__in=lately.values("account"))


def ratings_seen(asking: Asking, acting: Acting) -> list[Rating]:
    """One's own rating; both once both are there. A unit sees the marks, not who gave them (`verbs.show_asking`)."""
    ratings = list(asking.ratings.all())
    if asking.state in (State.JUDGED, State.OVER):
        return ratings
    return [one for one in ratings if one.by == acting.login]


def to_rate(acting: Acting) -> Q:
    """What waits for this person's rating."""
    return Q(state=State.ANSWERED) & ~Q(ratings__by=acting.login)


def agreement(askings: Iterable[Asking]) -> list[tuple[Mark, Agreement]]:
    """How far the two raters of these questions agree, for each mark. Their ratings must be at hand."""
    both = [list(one.ratings.all()) for one in askings]
    pairs = [ratings for ratings in both if len(ratings) == BOTH]
    return [
        (mark, agree([(first.marks[mark.mark], second.marks[mark.mark]) for first, second in pairs]))
        for mark in question_rules().marks
    ]
