"""Tokens for programs: made by whoever holds the position, shown once, ended by the owner or for security."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from xinmei.core.refusals import NotNow
from xinmei.people.events import Acting, record
from xinmei.people.models import Token

PREFIX = "xinmei_"


def digest_of(token: str) -> str:
    """What is kept of a token: it is drawn from 256 bits, so that no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make_token(given: Mapping[str, Any], by: Acting, at: datetime) -> Token:
    """A token for the position that acts. `once` of what is returned is the token itself, and stored nowhere.

    Made by a program, it ends no later than the token by which that program acted.
    """
    if by.person_id is None:
        raise NotNow("令牌属于一个人的岗位，数据库里还没有人员；请先导入 people.csv")
    secret = PREFIX + secrets.token_urlsafe(32)
    ends_at, above = at + timedelta(days=given["days"]), None
    if by.token is not None:
        above = Token.objects.get(pk=by.token)
        ends_at = min(ends_at, above.ends_at)
    token = Token.objects.create(
        person_id=by.person_id,
        position_held_id=int(by.holding.removeprefix("post:")),
        name=given["name"],
        digest=digest_of(secret),
        made_with=above and (above.made_with or above),
        made_at=at,
        ends_at=ends_at,
    )
    content = {"post": by.position, "unit": by.unit_code, "ends_at": ends_at}
    record("make_token", by=by, at=at, kind="token", number=token.pk, content=content)
    token.once = secret  # type: ignore[attr-defined]
    return token


def end_token(token: Token, given: Mapping[str, Any], by: Acting, at: datetime) -> Token:
    """Ends a token, and those that a program made with it: their next request is a stranger's.

    `is_own` says afterwards whose it was.
    """
    Token.objects.filter(Q(pk=token.pk) | Q(made_with=token.pk), ended_at__isnull=True).update(ended_at=at)
    token.ended_at, token.is_own = at, token.person_id == by.person_id  # type: ignore[attr-defined]
    record("end_token", by=by, at=at, kind="token", number=token.pk, content={"person": token.person_id})
    return token
