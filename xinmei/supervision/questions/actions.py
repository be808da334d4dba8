"""What the acts on test questions do: declared, drawn, asked, answered, rated, and handed to people to decide."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.deadlines import reply_due
from xinmei.core.questions import draw_accounts, draw_prompt, question_rules
from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.files.keeping import keep, load
from xinmei.pages.fields import show_moment
from xinmei.pages.texts import write_moment
from xinmei.pages.uploads import Upload
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.supervision.actions import enter
from xinmei.supervision.models import Finding
from xinmei.supervision.questions.models import Asking, Draw, Prompt, Rating
from xinmei.supervision.questions.queries import BOTH, accounts_to_draw

State = Asking.State
Given = Mapping[str, Any]


def write_prompt(given: Given, by: Acting, at: datetime) -> Prompt:
    """Declares a question before anybody is asked."""
    prompt = Prompt.objects.create(text=given["text"], expected=given["expected"], written_by=by.login, written_at=at)
    record("prompt.write", by=by, at=at, kind="prompt", number=prompt.pk, content=dict(given))
    return prompt


def why_ended(prompt: Prompt, at: datetime) -> str:
    """A question that is ended is asked of nobody any more."""
    return "这道题目已经停用" if prompt.ended_at is not None else ""


def end_prompt(prompt: Prompt, given: Given, by: Acting, at: datetime) -> Prompt:
    """It is drawn no more; what was asked stays."""
    prompt.ended_by, prompt.ended_at = by.login, at
    prompt.save(update_fields=["ended_by", "ended_at"])
    record("prompt.end", by=by, at=at, kind="prompt", number=prompt.pk, content={})
    return prompt


def make_draw(given: Given, by: Acting, at: datetime) -> Draw:
    """Draws which accounts are asked what. Whoever has the seed and the frame comes to the same."""
    prompts = [str(pk) for pk in Prompt.objects.filter(ended_at__isnull=True).values_list("pk", flat=True)]
    if not prompts:
        raise NotNow("还没有在用的题目；先“拟题”，再抽取")
    accounts = {one.code: one for one in accounts_to_draw(by, at)}
    if not accounts:
        raise NotNow("没有可抽的账号：在用的账号最近都抽过了")
    seed = given["seed"] or secrets.token_hex(8)
    said = {"seed": seed, "count": given["count"], "until": given["until"]}
    draw = Draw.objects.create(**said, frame=sorted(accounts), prompts=prompts, made_by=by.login, made_at=at)
    drawn = draw_accounts(seed, accounts, given["count"])
    Asking.objects.bulk_create(_planned(draw, place, accounts[code], at) for place, code in enumerate(drawn, 1))
    content = said | {"drawn": len(drawn), "of": len(accounts)}
    record("draw.make", by=by, at=at, kind="draw", number=draw.pk, content=content)
    return draw


def _planned(draw: Draw, place: int, account: Account, at: datetime) -> Asking:
    prompt = draw_prompt(draw.seed, account.code, draw.prompts)
    return Asking(draw=draw, place=place, account=account, prompt_id=int(prompt), acted_at=at)


def ask(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """The inspector asked, as anybody would. From that moment the clock of 五 runs, by the readings of that day.

    「要在24小时内进行答复，节假日不得晚于48小时」
    """
    asked_at: datetime = given["asked_at"]
    due = reply_due(asked_at, readings_on(day_of(asked_at)))
    asking.asked_by, asking.asked_at, asking.where = by.login, asked_at, given["where"]
    asking.message = given["message"]
    asking.reply_due_at, asking.provisional = due.due_at, due.provisional
    _keep_asked(asking, given["file"], at)
    return _to(State.ASKED, "asking.ask", asking, by, at)


def find_no_entry(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """There was nowhere to ask: 「未提供有效互动功能」 may be so; a person decides."""
    asking.asked_by, asking.where, asking.outcome = by.login, given["where"], "no_entry"
    _keep_seen(asking, given["file"], at)
    return _to(State.JUDGED, "asking.no_entry", asking, by, at)


def answered(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """A person replied. At the very moment of the term is in time."""
    assert asking.reply_due_at is not None
    asking.replied_at, asking.reply = given["replied_at"], given["reply"]
    asking.outcome = "in_time" if asking.replied_at <= asking.reply_due_at else "late"
    asking.message = given["message"] or asking.message
    _keep_seen(asking, given["file"], at)
    return _to(State.ANSWERED, "asking.answered", asking, by, at)


def why_still_open(asking: Asking, at: datetime) -> str:
    """Before the term nobody knows."""
    if asking.reply_due_at is None or at >= asking.reply_due_at:
        return ""
    return f"期限到 {write_moment(asking.reply_due_at)}，这以前还可能答复；到期再看"


def unanswered(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """The term is over and the picture shows no reply: a look that ended at or after the term."""
    asking.outcome = "unanswered"
    asking.message = given["message"] or asking.message
    _keep_seen(asking, given["file"], at)
    return _to(State.JUDGED, "asking.unanswered", asking, by, at)


def rate(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """One of two ratings; whoever comes second has not seen the first."""
    marks = {one.mark: int(given[one.mark]) for one in question_rules().marks}
    Rating.objects.create(asking=asking, by=by.login, at=at, marks=marks, note=given["note"])
    state = State.JUDGED if asking.ratings.count() >= BOTH else State.ANSWERED
    return _to(state, "asking.rate", asking, by, at, marks)


def drop(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """It was not asked after all."""
    asking.note = given["note"]
    return _to(State.DROPPED, "asking.drop", asking, by, at)


def close(asking: Asking, given: Given, by: Acting, at: datetime) -> Asking:
    """Nothing is wrong. From now on the unit sees how it did."""
    asking.note = given["note"]
    return _to(State.OVER, "asking.close", asking, by, at)


def suspect(asking: Asking, given: Given, by: Acting, at: datetime) -> Finding:
    """It becomes a suspicion that another person confirms. The question itself costs nothing."""
    seen = {"note": given["note"], "steps": _say(asking), "facts": _facts(asking), "beside": _proof(asking)}
    if given["criterion"].criterion == "late_reply" and asking.reply_due_at is not None:
        seen["fault_on"] = day_of(asking.reply_due_at)
    subject = asking.message or f"模拟提问 {asking.pk}"
    unit = asking.account.unit
    asking.finding = enter(given["criterion"], asking.account, unit, subject, seen, by=by, at=at)
    asking.note = given["note"]
    _to(State.OVER, "asking.suspect", asking, by, at, {"finding": asking.finding.pk})
    return asking.finding


def _say(asking: Asking) -> tuple[str, ...]:
    """How it came about, for whoever confirms and for the unit; nothing of who asked and who rated."""
    said: list[str] = []
    if asking.asked_at is not None:
        said += reply_due(asking.asked_at, readings_on(day_of(asking.asked_at))).steps
    said += [f"在哪里提问：{mask(asking.where)}", f"结果：{asking.get_outcome_display()}"]
    marks = [one.marks for one in asking.ratings.all()]
    for rule in question_rules().marks if marks else ():
        said.append(f"{rule.label}：{'、'.join(f'{found[rule.mark]} 分' for found in marks)}")
    return tuple(said)


def _facts(asking: Asking) -> dict[str, Any]:
    """What was asked and replied, as a message is kept."""
    said = [{"replied_at": show_moment(asking.replied_at), "text": asking.reply, "automatic": False}]
    quoted = {
        "text": asking.prompt.text,
        "received_at": show_moment(asking.asked_at),
        "replies": said if asking.reply else [],
    }
    return {
        "quoted": quoted,
        "due_at": show_moment(asking.reply_due_at),
        "replied_at": show_moment(asking.replied_at),
        "seed": asking.draw.seed,
    }


def _proof(asking: Asking) -> Upload:
    """The picture of the result."""
    assert asking.seen_file_id is not None
    return Upload(load(asking.seen_file_id), asking.seen_type)


def _keep_asked(asking: Asking, file: Upload, at: datetime) -> None:
    asking.asked_file, asking.asked_type = keep(file.data, at), file.media_type


def _keep_seen(asking: Asking, file: Upload, at: datetime) -> None:
    asking.seen_file, asking.seen_type = keep(file.data, at), file.media_type


def _to(state: str, verb: str, asking: Asking, by: Acting, at: datetime, content: Given | None = None) -> Asking:
    """Into its new state, with one event."""
    before, asking.state, asking.acted_at = asking.state, state, at
    asking.save()
    said = {"before": before, "after": state, "outcome": asking.outcome, **(content or {})}
    record(verb, by=by, at=at, kind="asking", number=asking.pk, content=said)
    return asking
