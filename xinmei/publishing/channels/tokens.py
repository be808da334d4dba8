"""The access token of a 公众号: one holder, refreshed before it ends, never by two at once.

stable_token answers with the same token while it is valid (at most 7,200 seconds), and forces another one at most 20
times a day, 30 seconds apart (docs/decisions/0560).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from xinmei.people.vault import seal, unseal
from xinmei.publishing.channels.calling import call, text_of
from xinmei.publishing.channels.faults import WECHAT, WECHAT_TOKEN, Fault, Means, fault_of
from xinmei.publishing.channels.models import Channel

SECRET, TOKEN = "channel secret", "channel token"
# It is refreshed so long before its end, and whoever refreshes has so long for it.
MARGIN, LEASE = timedelta(minutes=5), timedelta(seconds=40)
# 「强制刷新模式每天限用 20 次且需间隔 30 秒」
FORCED_APART = timedelta(hours=2)
_BUSY = timedelta(seconds=3)


def keep_secret(channel: Channel, secret: str) -> None:
    """Seals the secret into the channel, which is not saved; a token that was got by another one is gone."""
    channel.sealed_secret = seal(secret, SECRET, channel.account_id)
    channel.sealed_token, channel.token_until = "", None


def secret_of(channel: Channel) -> str:
    """The secret, for the call that needs it."""
    return unseal(channel.sealed_secret, SECRET, channel.account_id)


def token_of(channel: Channel, now: datetime) -> tuple[str, int]:
    """A token that is valid now, and its turn. Raises Fault: WAIT while another process refreshes it."""
    channel.refresh_from_db()
    if channel.sealed_token and channel.token_until and now < channel.token_until - MARGIN:
        return unseal(channel.sealed_token, TOKEN, channel.account_id), channel.token_turn
    free = Q(refreshing_until=None) | Q(refreshing_until__lt=now)
    mine = Channel.objects.filter(free, pk=channel.pk, token_turn=channel.token_turn)
    if not mine.update(refreshing_until=now + LEASE):
        if channel.sealed_token and channel.token_until and now < channel.token_until:
            return unseal(channel.sealed_token, TOKEN, channel.account_id), channel.token_turn
        raise Fault(Means.WAIT, "另一个进程正在换接口凭证", "系统几秒后再试", until=now + _BUSY)
    try:
        return _refresh(channel, now)
    finally:
        Channel.objects.filter(pk=channel.pk, refreshing_until=now + LEASE).update(refreshing_until=None)


def _refresh(channel: Channel, now: datetime) -> tuple[str, int]:
    """Asks for a token; for another one by force where the platform gives back one that it has just refused."""
    old = unseal(channel.sealed_token, TOKEN, channel.account_id) if channel.sealed_token else ""
    was_refused = bool(old) and channel.token_until is not None and channel.token_until <= now
    token, seconds = _ask_for(channel, now, force=False)
    if was_refused and token == old and (channel.forced_at is None or now - channel.forced_at >= FORCED_APART):
        Channel.objects.filter(pk=channel.pk).update(forced_at=now)
        token, seconds = _ask_for(channel, now, force=True)
    Channel.objects.filter(pk=channel.pk).update(
        sealed_token=seal(token, TOKEN, channel.account_id),
        token_until=now + timedelta(seconds=seconds),
        token_turn=F("token_turn") + 1,
    )
    channel.refresh_from_db()
    return token, channel.token_turn


def _ask_for(channel: Channel, now: datetime, *, force: bool) -> tuple[str, int]:
    body = {
        "grant_type": "client_credential",
        "appid": channel.app,
        "secret": secret_of(channel),
        "force_refresh": force,
    }
    try:
        _, found = call("POST", f"{settings.WECHAT_API}/cgi-bin/stable_token", json=body)
    except Fault as fault:  # to ask for a token twice does no harm
        raise Fault(Means.RETRY, fault.said, "系统会自动再试") from None
    token, seconds = text_of(found, "access_token"), found.get("expires_in")
    if token and isinstance(seconds, int):
        return token, seconds
    told = fault_of(WECHAT_TOKEN, _code(found), text_of(found, "errmsg"), now)
    raise Fault(Means.RETRY, told.said, told.todo, code=told.code) if told.means is Means.LOOK else told


def refuse_token(channel: Channel, turn: int, now: datetime) -> None:
    """The platform did not take this token: whoever needs one next gets another. Of two who say so one counts."""
    Channel.objects.filter(pk=channel.pk, token_turn=turn).update(token_until=now)


def _code(found: dict[str, Any]) -> int:
    code = found.get("errcode")
    return code if isinstance(code, int) else 0


def ask_wechat(
    channel: Channel, path: str, clock: Callable[[], datetime], method: str = "POST", **sent: Any
) -> dict[str, Any]:
    """One call with a token; after a refused token once more with another. Raises Fault."""
    more = sent.pop("params", {})
    for last in (False, True):
        token, turn = token_of(channel, clock())
        params = {"access_token": token, **more}
        _, found = call(method, f"{settings.WECHAT_API}/cgi-bin/{path}", params=params, **sent)
        if not (code := _code(found)):
            return found
        fault = fault_of(WECHAT, code, text_of(found, "errmsg"), clock())
        if fault.means is not Means.ANOTHER:
            raise fault
        refuse_token(channel, turn, clock())
        if last:
            raise Fault(Means.WAIT, fault.said, fault.todo, code=fault.code, until=clock() + timedelta(minutes=1))
        channel.refresh_from_db()
    raise AssertionError
