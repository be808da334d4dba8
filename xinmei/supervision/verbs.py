"""What people do with findings (问题：疑似→确认→反馈→整改→复查→办结；不予认定) and with places to look at again.

The work that they start is here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from xinmei.core.verbs import Kind, Verb
from xinmei.jobs.actions import starting
from xinmei.jobs.verbs import JOB
from xinmei.notices.forwarding import receiver_of
from xinmei.packs.actions import decide_demotion, propose_demotion, proposed_it, restore_rule
from xinmei.packs.doors import demotions_visible_to
from xinmei.packs.forms import DecideFields, DemotionFields
from xinmei.packs.models import Demotion
from xinmei.registry.models import Account
from xinmei.screening.doors import recalls_visible_to
from xinmei.screening.models import Recall
from xinmei.supervision import actions, demotions, recalling
from xinmei.supervision.doors import right_to_dismiss, stand_back
from xinmei.supervision.forms import (
    AnswerObjectionFields,
    DismissFields,
    FindFields,
    InspectFields,
    ObjectFields,
    RecheckFields,
    RectifyFields,
)
from xinmei.supervision.kinds import FINDING
from xinmei.supervision.models import Finding
from xinmei.supervision.questions.verbs import (
    ANSWERED,
    ASK,
    ASKING,
    CLOSE,
    DRAW,
    DROP,
    END_PROMPT,
    MAKE_DRAW,
    NO_ENTRY,
    PROMPT,
    RATE,
    SUSPECT,
    UNANSWERED,
    WRITE_PROMPT,
)
from xinmei.units.models import Unit

__all__ = [
    "ANSWERED",
    "ANSWER_OBJECTION",
    "ASK",
    "ASKING",
    "CLOSE",
    "CONFIRM",
    "DECIDE_RECALL",
    "DEMOTION",
    "DISMISS",
    "DRAW",
    "DRILL",
    "DROP",
    "END_PROMPT",
    "FIND",
    "FINDING",
    "INSPECT",
    "MAKE_DRAW",
    "NO_ENTRY",
    "OBJECT",
    "PROMPT",
    "RATE",
    "RECALL",
    "RECHECK",
    "RECTIFY",
    "SUSPECT",
    "UNANSWERED",
    "WRITE_PROMPT",
]


def _owner(given: Mapping[str, Any]) -> int | None:
    """The unit whose fault, or whose account's fault, is entered."""
    if code := given.get("account"):
        return Account.objects.filter(code=str(code)).values_list("unit", flat=True).first()
    return Unit.objects.filter(code=str(given.get("unit"))).values_list("pk", flat=True).first()


def say_sent(finding: Finding) -> str:
    """To whom it went: to the unit, or, where nobody holds a position there, to whoever answers for it."""
    instead = receiver_of(finding.unit, finding.confirmed_at).said if finding.confirmed_at else ""
    return f"已确认。{instead}。" if instead else "已确认并发送给主办单位。"


# What was sent can be objected to, and the objection answered, in each of these states; the finding keeps its state.
_SENT = {state: state for state in ("NOTIFIED", "RECTIFIED", "CONFIRMED", "CLOSED")}

FIND = Verb(
    "finding.find",
    "录入",
    of=FINDING,
    right="find",
    fields=FindFields,
    do=actions.find,
    makes=True,
    owner=_owner,
    page="enter_finding",
    event="find",
    done="已录入，等待他人确认。",
    hint="录入的人不能自己确认，须由他人确认。",
    main=True,
)
CONFIRM = Verb(
    "finding.confirm",
    "确认并发送",
    of=FINDING,
    right="confirm",
    bars=stand_back,
    moves={"SUSPECTED": "NOTIFIED"},
    do=actions.confirm,
    together=True,
    event="confirm",
    done=say_sent,
    hint="确认后立即反馈给主办单位，期限从现在起算。",
    main=True,
)
RECTIFY = Verb(
    "finding.rectify",
    "登记整改",
    of=FINDING,
    right="rectify",
    moves={"NOTIFIED": "RECTIFIED"},
    fields=RectifyFields,
    do=actions.rectify,
    together=True,
    event="rectify",
    done="已登记整改，等待复查。",
    main=True,
)
RECHECK = Verb(
    "finding.recheck",
    "登记复查",
    of=FINDING,
    right="recheck",
    bars=stand_back,
    moves={"RECTIFIED": ("CLOSED", "NOTIFIED")},
    fields=RecheckFields,
    do=actions.recheck,
    together=True,
    event="recheck",
    done="复查结果已登记。",
    main=True,
)
OBJECT = Verb(
    "finding.object",
    "提出申诉",
    of=FINDING,
    right="object",
    moves=_SENT,
    ready=lambda finding, at: f"问题 {finding.pk} 已有一件申诉等待答复" if actions.is_objected(finding) else "",
    fields=ObjectFields,
    do=actions.object_to,
    event="object",
    done="申诉已提交。",
)
ANSWER_OBJECTION = Verb(
    "finding.answer_objection",
    "答复申诉",
    of=FINDING,
    right="decide_objection",
    bars=stand_back,
    moves=_SENT,
    ready=lambda finding, at: "" if actions.is_objected(finding) else f"问题 {finding.pk} 没有等待答复的申诉",
    fields=AnswerObjectionFields,
    do=actions.answer_objection,
    event="decide_objection",
    done="申诉的答复已登记。",
)
DISMISS = Verb(
    "finding.dismiss",
    "不予认定",
    of=FINDING,
    right=right_to_dismiss,
    bars=stand_back,
    moves=dict.fromkeys(("SUSPECTED", "NOTIFIED", "RECTIFIED", "CLOSED", "CONFIRMED"), "DISMISSED"),
    fields=DismissFields,
    do=actions.dismiss,
    together=True,
    event="dismiss",
    done="已记为不予认定。",
)


RECALL = Kind(
    name="recall",
    label="重看清单中的一处",
    path="recalls",
    model=Recall,
    rows=recalls_visible_to,
    show=recalling.show_recall,
    state="decision",
    unit=lambda recall: recall.post.account.unit_id,
    related=("post__account",),
    page=lambda recall: reverse("rescreening"),
)

DECIDE_RECALL = Verb(
    "recall.decide",
    "处理",
    of=RECALL,
    right="find",
    bars=recalling.stand_back,
    moves={"waiting": ("fault", "no_fault")},
    fields=recalling.DecideFields,
    do=recalling.decide,
    event="decide_recall",
    done=recalling.say_decided,
)

# All demotions stand on the page of the drills, which shows why one is called for.
DEMOTION = Kind(
    name="demotion",
    label="规则降档",
    path="demotions",
    model=Demotion,
    rows=demotions_visible_to,
    show=demotions.show_demotion,
    state="state",
    page=lambda demotion: reverse("drills"),
    last_step=demotions.find_last_steps,
)

PROPOSE_DEMOTION = Verb(
    "demotion.propose",
    "提议降档",
    of=DEMOTION,
    makes=True,
    right="draft_rules",
    fields=DemotionFields,
    do=propose_demotion,
    page="drills",
    event="propose_demotion",
    done="已提议，等另一位市检查负责人批准。",
)
DECIDE_DEMOTION = Verb(
    "demotion.decide",
    "批准或不批准",
    of=DEMOTION,
    right="release_rules",
    moves={"waiting": ("approved", "rejected")},
    bars=proposed_it,
    fields=DecideFields,
    do=decide_demotion,
    event="approve_demotion",
    done=lambda demotion: (
        "已批准：这条规则以后只在写稿时提示。" if demotion.state == Demotion.State.APPROVED else "已记为不批准。"
    ),
)
RESTORE_RULE = Verb(
    "demotion.restore",
    "恢复",
    of=DEMOTION,
    right="release_rules",
    moves={"approved": "restored"},
    do=restore_rule,
    event="restore_rule",
    done="已恢复：这条规则重新列入检查。",
)

# What takes minutes is started here and goes on as a job (docs/decisions/0226).
INSPECT = Verb(
    "job.inspect",
    "开始检查",
    of=JOB,
    makes=True,
    right="inspect",
    fields=InspectFields,
    do=starting("inspection"),
    page="start_inspection",
    event="start_job",
    main=True,
)
DRILL = Verb(
    "job.drill",
    "现在自测上周",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("drill"),
    page="drills",
    event="start_job",
    main=True,
)
