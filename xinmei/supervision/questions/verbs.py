"""模拟提问: what inspectors do. To the units none of it exists before it is over (`queries.askings_visible_to`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from xinmei.core.verbs import Kind, Verb
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
from xinmei.supervision.questions.queries import RIGHT, askings_visible_to, draws_visible_to, prompts_visible_to
from xinmei.supervision.questions.showing import show_asking, show_draw, show_prompt


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
