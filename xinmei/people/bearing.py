"""Who acts by a token: 「same reach, same rights, same refusals; a token acts as its one position and no other」."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from xinmei.people.actions.tokens import PREFIX, digest_of
from xinmei.people.doors import actings_of, day_of, in_force
from xinmei.people.events import Acting
from xinmei.people.locks import hold
from xinmei.people.models import Attempt, Token
from xinmei.people.rights import ADMINISTRATORS
from xinmei.people.sign_in import ADDRESS_TRIES, ADDRESS_WINDOW, Throttled, Wrong

BAD = "没有带令牌，或令牌不对、已到期、已终止；请在“我的登录”页生成令牌，写在 Authorization: Bearer 后面"


def bear(token: str, address: str, now: datetime) -> Acting:
    """Who acts by this token now; its use is counted.

    Raises Wrong, for every token that is no good in the same words, and Throttled.
    """
    found = _good_token(token, now)
    holding = f"post:{found.position_held_id}" if found else ""
    acting = next((one for one in actings_of(found.person, now) if one.holding == holding), None) if found else None
    if found is None or acting is None:
        _count_wrong(address, now)
        raise Wrong(BAD)
    _count(found, address, now)
    return replace(acting, token=found.pk, address=f"API#{found.pk} {address}"[:64])


def in_use(now: datetime) -> Q:
    """Tokens that act now."""
    day = in_force(day_of(now), "position_held__")
    return Q(ended_at__isnull=True, ends_at__gt=now, person__is_active=True) & day


def _good_token(token: str, now: datetime) -> Token | None:
    """As `in_use`, of one that is sent; whether its position is held now is asked of `actings_of`."""
    if not token.startswith(PREFIX):
        return None
    kept = Token.objects.filter(digest=digest_of(token), ended_at__isnull=True).select_related(
        "person", "position_held"
    )
    found = kept.first()
    if found is None or found.ends_at <= now or not found.person.is_active:
        return None
    return None if found.position_held.position in ADMINISTRATORS else found


def _count(token: Token, address: str, now: datetime) -> None:
    """One statement, so that requests at the same time are all counted. Raises Throttled."""
    minute = int(now.timestamp()) // 60
    full = Q(minute=minute, uses_in_minute__gte=settings.API_PER_MINUTE)
    counted = Token.objects.filter(~full, pk=token.pk).update(
        uses=F("uses") + 1,
        uses_in_minute=Case(When(minute=minute, then=F("uses_in_minute") + 1), default=Value(1)),
        minute=minute,
        last_used_at=now,
        last_address=address,
    )
    if not counted:
        seconds = 60 - int(now.timestamp()) % 60
        raise Throttled(f"这个令牌一分钟内的请求超过 {settings.API_PER_MINUTE} 次，请 {seconds} 秒后再试", seconds)


def _count_wrong(address: str, now: datetime) -> None:
    """Beyond 60 bad tokens a minute an address is slowed; good ones and people who log in there are not.

    Raises Throttled.
    """
    address = f"API {address}"[:64]
    with transaction.atomic():
        hold(f"attempt {address}")
        tried = Attempt.objects.filter(address=address, at__gt=now - ADDRESS_WINDOW).order_by("at")
        times = list(tried.values_list("at", flat=True)[:ADDRESS_TRIES])
        if len(times) < ADDRESS_TRIES:
            Attempt.objects.create(login="", address=address, at=now, wrong=True)
            Attempt.objects.filter(address=address, at__lt=now - timedelta(days=1)).delete()
            return
    seconds = int((times[0] + ADDRESS_WINDOW - now).total_seconds()) + 1
    raise Throttled(f"不对的令牌试得太多，请 {seconds} 秒后再试", seconds)
