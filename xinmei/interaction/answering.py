"""常用答复: answered questions that a unit keeps, each with an owner and a day on which it ends; found by likeness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from xinmei.core.likeness import nearest
from xinmei.core.refusals import NotNow, NotSo
from xinmei.interaction.models import KnownAnswer, Message, Reply
from xinmei.pages.fields import Fields, day_field, line_field, text_field
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record

# Less alike than this is not worth reading.
WORTH_READING = Fraction(1, 3)
MOST_COMPARED = 500
MOST_OFFERED = 3


class KeepFields(Fields):
    """The question as people ask it, the answer, and until when it holds."""

    question = line_field("问题", required=True, help_text="照公众的问法写。")
    answer = text_field("答复", required=True)
    until = day_field("用到哪天", help_text="政策会变：到期自动停用，由本人看过再收一次。")

    def clean_until(self) -> date:
        """Not over yet."""
        until: date = self.cleaned_data["until"]
        if self.at is not None and until < day_of(self.at):
            raise forms.ValidationError(f"写的是 {until.isoformat()}，已经过了；请写以后的日期。")
        return until


class EndFields(Fields):
    """Why it is not used any more."""

    why = text_field("为什么停用", required=True)


def in_use(rows: QuerySet[KnownAnswer], day: date) -> QuerySet[KnownAnswer]:
    """Those that hold on that day."""
    return rows.filter(until__gte=day, ended_at__isnull=True)


def is_in_use(known: KnownAnswer, at: datetime) -> str:
    """Only what is in use is ended."""
    return "已经停用" if known.ended_at or known.until < day_of(at) else ""


def keep_answer(given: Mapping[str, Any], by: Acting, at: datetime) -> KnownAnswer:
    """Takes an answer into the library of the unit; who does so owns it. It replaces the one to the same question."""
    if by.unit_id is None:
        raise NotSo("请用本单位的岗位办理：常用答复是本单位的")
    same = in_use(KnownAnswer.objects.filter(unit=by.unit_id, question=given["question"]), day_of(at))
    if same.filter(answer=given["answer"], until=given["until"]).exists():
        raise NotNow("同样的常用答复已经收过")
    same.update(ended_at=at)
    known = KnownAnswer.objects.create(unit_id=by.unit_id, owner=by.login, owner_name=str(by), kept_at=at, **given)
    record("keep_answer", by=by, at=at, kind="known_answer", number=known.pk, content={"until": given["until"]})
    return known


def end_answer(known: KnownAnswer, given: Mapping[str, Any], by: Acting, at: datetime) -> KnownAnswer:
    """It is offered no more."""
    known.ended_at = at
    known.save(update_fields=["ended_at"])
    record("end_answer", by=by, at=at, kind="known_answer", number=known.pk, content={"why": given["why"]})
    return known


@dataclass(frozen=True)
class Offered:
    """An answer to a question like this one: from the library, or given before."""

    question: str
    answer: str
    likeness: int
    kept: KnownAnswer | None = None
    replied_at: datetime | None = None


def offer_answers(message: Message, unit_id: int, now: datetime) -> list[Offered]:
    """The likest questions that the unit has answered, those of the library first. Two queries."""
    known = {one.pk: one for one in in_use(KnownAnswer.objects.filter(unit=unit_id), day_of(now))[:MOST_COMPARED]}
    told = nearest(
        message.text, [(pk, one.question) for pk, one in known.items()], least=WORTH_READING, most=MOST_OFFERED
    )
    found = [Offered(known[pk].question, known[pk].answer, round(like * 100), kept=known[pk]) for pk, like in told]
    own = Q(message__account__unit=unit_id, message__handed_to=None) | Q(message__handed_to=unit_id)
    given = Reply.objects.filter(own, replied_at__lte=now).exclude(automatic=True).exclude(message=message)
    past = {one.pk: one for one in given.select_related("message").order_by("-replied_at")[:MOST_COMPARED]}
    like_past = nearest(
        message.text, [(pk, one.message.text) for pk, one in past.items()], least=WORTH_READING, most=MOST_OFFERED
    )
    found += [
        Offered(past[pk].message.text, past[pk].text, round(like * 100), replied_at=past[pk].replied_at)
        for pk, like in like_past
    ]
    return found[: 2 * MOST_OFFERED]
