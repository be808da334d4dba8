"""What programs read of test questions. Who asked and who rated is nobody's business at the unit."""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.supervision.questions.models import Asking, Draw, Prompt
from xinmei.supervision.questions.queries import RIGHT, ratings_seen


class ShownPrompt(TypedDict):
    """What programs read of a declared question."""

    id: str
    text: str
    expected: str
    by: str
    at: str | None
    ended_at: str | None


class ShownDraw(TypedDict):
    """What programs read of a draw: all that it takes to repeat it."""

    id: str
    seed: str
    count: int
    until: str | None
    frame: list[str]
    prompts: list[str]
    drawn: list[str]
    by: str
    at: str | None


class ShownRating(TypedDict):
    """One rating. `by` null: the unit does not see who rated."""

    by: str | None
    marks: dict[str, int]
    note: str | None


class ShownAsking(TypedDict):
    """What programs read of a test question. Who asked and who rated is nobody's business at the unit."""

    id: str
    draw: str | None
    account: str
    question: str
    state: str
    outcome: str | None
    asked_by: str | None
    asked_at: str | None
    where: str | None
    message: str | None
    reply_due_at: str | None
    replied_at: str | None
    reply: str | None
    ratings: list[ShownRating]
    note: str | None
    finding: str | None


def show_prompt(prompt: Prompt, acting: Acting) -> ShownPrompt:
    """A declared question as programs read it."""
    return {
        "id": str(prompt.pk),
        "text": prompt.text,
        "expected": prompt.expected,
        "by": prompt.written_by,
        "at": show_moment(prompt.written_at),
        "ended_at": show_moment(prompt.ended_at),
    }


def show_draw(draw: Draw, acting: Acting) -> ShownDraw:
    """A draw as programs read it."""
    return {
        "id": str(draw.pk),
        "seed": draw.seed,
        "count": draw.count,
        "until": show_day(draw.until),
        "frame": draw.frame,
        "prompts": draw.prompts,
        "drawn": list(draw.askings.order_by("place").values_list("account__code", flat=True)),
        "by": draw.made_by,
        "at": show_moment(draw.made_at),
    }


def show_asking(asking: Asking, acting: Acting) -> ShownAsking:
    """A test question as programs read it."""
    asks = not acting.judged or may(acting, RIGHT)
    return {
        "id": str(asking.pk),
        "draw": str(asking.draw_id) if asks else None,
        "account": asking.account.code,
        "question": asking.prompt.text,
        "state": asking.state,
        "outcome": asking.outcome or None,
        "asked_by": (asking.asked_by or None) if asks else None,
        "asked_at": show_moment(asking.asked_at),
        "where": mask(asking.where) or None,
        "message": asking.message or None,
        "reply_due_at": show_moment(asking.reply_due_at),
        "replied_at": show_moment(asking.replied_at),
        "reply": mask(asking.reply) or None,
        "ratings": [
            {"by": one.by if asks else None, "marks": one.marks, "note": mask(one.note) or None}
            for one in ratings_seen(asking, acting)
        ],
        "note": (mask(asking.note) or None) if asks else None,
        "finding": str(asking.finding_id) if asks and asking.finding_id else None,
    }
