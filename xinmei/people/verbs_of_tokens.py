"""What people do with tokens, by which programs act for them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.core.verbs import Kind, Verb
from xinmei.people.actions import tokens
from xinmei.people.events import Acting
from xinmei.people.models import Token
from xinmei.people.staff import doors, forms, showing

TOKEN = Kind(
    name="token",
    label="令牌",
    path="account/tokens",
    model=Token,
    rows=doors.tokens_visible_to,
    show=showing.show_token,
    unit=lambda token: token.position_held.unit_id,
    related=("person", "position_held__unit"),
    page=lambda token: reverse("staff_person", args=[token.person_id]),
    last_step=lambda found: {one.pk: one.ended_at or one.made_at for one in found},
)


def no_stand_in(acting: Acting, found: None, right: str) -> str:
    """A delegation cannot be passed on."""
    return "代行不能转给程序" if acting.holding.startswith("delegation") else ""


def _is_ended(token: Token, at: datetime) -> str:
    return "这个令牌已经终止" if token.ended_at is not None else ""


# A token acts as the position by which it was made: there is no field for it.
MAKE_TOKEN = Verb(
    "token.make",
    "生成令牌",
    of=TOKEN,
    right="hold_token",
    bars=no_stand_in,
    fields=forms.TokenFields,
    do=tokens.make_token,
    makes=True,
    page="own",
    once="people/token.html",
    event="make_token",
)
# One's own, and for the security administrator everybody's, as with sessions.
END_TOKEN = Verb(
    "token.end",
    "终止令牌",
    of=TOKEN,
    ready=_is_ended,
    do=tokens.end_token,
    event="end_token",
    done="令牌已终止，用它的程序即刻不能再办事。",
    then=lambda token: reverse("own") if token.is_own else reverse("staff_person", args=[token.person_id]),
)
