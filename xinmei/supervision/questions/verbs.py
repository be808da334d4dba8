"""模拟提问: what inspectors do. To the units none of it exists before it is over (`queries.askings_visible_to`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.supervision.kinds import FINDING
from xinmei.supervision.questions import actions
from xinmei.supervision.questions.forms import (
    AnsweredFields,
    AskFields,
    DrawFields,
    NoEntryFields,
    RateFields,
    SuspectFields,
    UnansweredFields,
    WhyFields,
    WriteFields,
)
from xinmei.supervision.questions.models import Asking, Draw, Prompt
from xinmei.supervision.questions.queries import (
    RIGHT,
    askings_visible_to,
    draws_visible_to,
    prompts_visible_to,
    ratings_seen,
)


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


def _stand_back(acting: Acting, asking: Asking, right: str) -> str:
    """Whoever holds a position at the host asks and judges nothing there."""
    if asking.account.unit_id in acting.held_at:
        return f"{acting}在被提问单位担任岗位，应回避"
    return ""


def _rate_once(acting: Acting, asking: Asking, right: str) -> str:
    """Two people rate; the same one not twice."""
    if acting.judged and asking.ratings.filter(by=acting.login).exists():
        return f"{acting}已经评过分，应由另一人评"
    return _stand_back(acting, asking, right)


def _acted(askings: Sequence[Asking]) -> Mapping[Any, datetime]:
    return {one.pk: one.acted_at for one in askings}


PROMPT = Kind(
    name="prompt",
    label="提问题目",
    path="prompts",
    model=Prompt,
    rows=prompts_visible_to,
    show=show_prompt,
    page=lambda prompt: reverse("draws"),
    last_step=lambda prompts: {one.pk: one.ended_at or one.written_at for one in prompts},
)
DRAW = Kind(
    name="draw",
    label="抽取",
    path="draws",
    model=Draw,
    rows=draws_visible_to,
    show=show_draw,
    page="draw",
    last_step=lambda draws: {one.pk: one.made_at for one in draws},
)
ASKING = Kind(
    name="asking",
    label="模拟提问",
    path="askings",
    model=Asking,
    rows=askings_visible_to,
    show=show_asking,
    state="state",
    unit=lambda asking: asking.account.unit_id,
    related=("account__unit", "prompt", "draw"),
    page="asking",
    last_step=_acted,
)

WRITE_PROMPT = Verb(
    "prompt.write",
    "拟题",
    of=PROMPT,
    makes=True,
    right=RIGHT,
    fields=WriteFields,
    do=actions.write_prompt,
    page="draws",
    done="题目已列入，以后抽取时用。",
)
END_PROMPT = Verb(
    "prompt.end",
    "停用题目",
    of=PROMPT,
    right=RIGHT,
    ready=actions.why_ended,
    do=actions.end_prompt,
    done="题目已停用。",
)
MAKE_DRAW = Verb(
    "draw.make",
    "抽取",
    of=DRAW,
    makes=True,
    right=RIGHT,
    fields=DrawFields,
    do=actions.make_draw,
    page="draws",
    then=lambda draw: reverse("draw", args=[draw.pk]),
    done=lambda draw: f"已抽取，种子 {draw.seed}。",
    hint="单位看不到抽到了谁、问了什么，到结束为止。",
    main=True,
)
ASK = Verb(
    "asking.ask",
    "登记提问",
    of=ASKING,
    right=RIGHT,
    bars=_stand_back,
    moves={"PLANNED": "ASKED"},
    fields=AskFields,
    do=actions.ask,
    done="已登记，答复期限从提问时间起算。",
    hint="在平台上像公众那样提问，再回来登记。",
    main=True,
)
NO_ENTRY = Verb(
    "asking.no_entry",
    "没有地方提问",
    of=ASKING,
    right=RIGHT,
    bars=_stand_back,
    moves={"PLANNED": "JUDGED"},
    fields=NoEntryFields,
    do=actions.find_no_entry,
    done="已登记，等结论。",
)
DROP = Verb(
    "asking.drop",
    "记为没有提",
    of=ASKING,
    right=RIGHT,
    bars=_stand_back,
    moves={"PLANNED": "DROPPED", "ASKED": "DROPPED"},
    fields=WhyFields,
    do=actions.drop,
    done="已记为没有提。",
)
ANSWERED = Verb(
    "asking.answered",
    "登记收到的答复",
    of=ASKING,
    right=RIGHT,
    bars=_stand_back,
    moves={"ASKED": "ANSWERED"},
    fields=AnsweredFields,
    do=actions.answered,
    done="答复已登记，等两人评分。",
    main=True,
)
UNANSWERED = Verb(
    "asking.unanswered",
    "登记没有答复",
    of=ASKING,
    right=RIGHT,
    bars=_stand_back,
    moves={"ASKED": "JUDGED"},
    ready=actions.why_still_open,
    fields=UnansweredFields,
    do=actions.unanswered,
    done="已登记，等结论。",
)
RATE = Verb(
    "asking.rate",
    "评分",
    of=ASKING,
    right=RIGHT,
    bars=_rate_once,
    moves={"ANSWERED": ("ANSWERED", "JUDGED")},
    fields=RateFields,
    do=actions.rate,
    done="已评分；两人都评了才互相看得见。",
    main=True,
)
SUSPECT = Verb(
    "asking.suspect",
    "提出疑似问题",
    of=ASKING,
    right="find",
    bars=_stand_back,
    moves={"JUDGED": "OVER"},
    result=FINDING,
    fields=SuspectFields,
    do=actions.suspect,
    done="已提出疑似问题，由另一人确认以后才反馈给单位。",
    main=True,
)
CLOSE = Verb(
    "asking.close",
    "没有问题，结束",
    of=ASKING,
    right=RIGHT,
    bars=_stand_back,
    moves={"JUDGED": "OVER"},
    fields=WhyFields,
    do=actions.close,
    done="已结束，单位现在看得到这次提问和结果。",
)
