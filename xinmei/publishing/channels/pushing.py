"""What 公众号 pushes: that a publishing task has ended (PUBLISHJOBFINISH). Facts: docs/decisions/0560 and 0605.

A push is never believed, it only wakes: the platform is asked at once what became of the task, and its answer counts.
So one that is forged, late, doubled or lost changes nothing but the moment of the next question.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from xml.parsers import expat

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from django.db import transaction
from django.db.models import Q

from xinmei.jobs.actions import enqueue
from xinmei.people.vault import seal, unseal
from xinmei.publishing.channels.models import Channel, Sending

TOKEN, KEY = "channel push token", "channel push key"
# The platform tries again within seconds; what is older was kept by somebody.
WINDOW = timedelta(minutes=5)
LARGEST = 64 << 10
EVENT = "PUBLISHJOBFINISH"
# 「16 个随机字节 + 4 个字节的长度 + 明文 + AppID」, padded to 32 (PKCS#7)
_RANDOM, _LENGTH, _BLOCK = 16, 4, 32


class NotOurs(Exception):
    """The push does not come from the platform, or not now."""


def keep_push(channel: Channel, token: str, key: str) -> None:
    """Seals what the platform signs with into the channel, which is not saved; "" where it pushes nothing."""
    channel.sealed_push_token = seal(token, TOKEN, channel.account_id) if token else ""
    channel.sealed_push_key = seal(key, KEY, channel.account_id) if key else ""


def sign(*parts: str) -> str:
    """「将 token、timestamp、nonce 三个参数进行字典序排序 … sha1 加密」"""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def answer_handshake(channel: Channel, query: Mapping[str, str], now: datetime) -> str:
    """What the platform asks for when the address is written down there. Raises NotOurs."""
    _check(channel, query, now)
    return query.get("echostr", "")[:200]


def take(channel: Channel, query: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Wakes what the push speaks of. Raises NotOurs."""
    fields = _read(_open(channel, query, body, now))
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(pushed_at=now)
        if fields.get("Event") == EVENT and (task := fields.get("publish_id", "")):
            _wake(channel, task, now)


def _wake(channel: Channel, task: str, now: datetime) -> None:
    """Once for each submission: the same push again, or kept for later, finds nothing to wake.

    Where the answer of the submission was lost nobody knows the task: what waits for a look is looked for now.
    """
    is_meant = Q(state=Sending.State.SUBMITTED, task=task) | Q(state=Sending.State.ASKED, task="")
    rows = Sending.objects.filter(is_meant, account=channel.account_id, pushed_at=None)
    if rows.update(pushed_at=now, next_at=now):
        enqueue("send_out", f"pushed {channel.pk} {task}"[:200], at=now)


# ── whether it is the platform's ──


def _check(channel: Channel, query: Mapping[str, str], now: datetime) -> str:
    """The token that it is signed with. Raises NotOurs."""
    if channel.state == Channel.State.ENDED or not channel.sealed_push_token:
        raise NotOurs("nothing is pushed here")
    token = unseal(channel.sealed_push_token, TOKEN, channel.account_id)
    moment = query.get("timestamp", "")
    if not _same(sign(token, moment, query.get("nonce", "")), query.get("signature", "")):
        raise NotOurs("signature")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        raise NotOurs("timestamp")
    if abs(now.timestamp() - int(moment)) > WINDOW.total_seconds():
        raise NotOurs("too late")
    return token


def _open(channel: Channel, query: Mapping[str, str], body: bytes, now: datetime) -> bytes:
    """The words of the push. Where a key is written down only what is encrypted with it counts (安全模式)."""
    token = _check(channel, query, now)
    if not channel.sealed_push_key:
        return body
    sealed = _read(body).get("Encrypt", "")
    if not _same(sign(token, query["timestamp"], query.get("nonce", ""), sealed), query.get("msg_signature", "")):
        raise NotOurs("msg_signature")
    return _decrypt(unseal(channel.sealed_push_key, KEY, channel.account_id), sealed, channel.app)


def _decrypt(key: str, sealed: str, app: str) -> bytes:
    """「AESKey = Base64_Decode(EncodingAESKey + "=")」; CBC, its first 16 bytes are the vector. Raises NotOurs."""
    try:
        raw_key, raw = base64.b64decode(f"{key}="), base64.b64decode(sealed, validate=True)
        opener = Cipher(AES(raw_key), CBC(raw_key[:16])).decryptor()
        plain = opener.update(raw) + opener.finalize()
    except ValueError:
        raise NotOurs("not encrypted with this key") from None
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise NotOurs("padding")
    start = _RANDOM + _LENGTH
    end = start + int.from_bytes(plain[_RANDOM:start], "big")
    if plain[end:-padding] != app.encode():
        raise NotOurs("meant for another account")
    return plain[start:end]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _read(body: bytes) -> dict[str, str]:
    """The words of each element by its name, the first of a name. Raises NotOurs where it is no plain XML."""
    found: dict[str, str] = {}
    words: list[str] = []
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise NotOurs("DOCTYPE")

    def end(name: str) -> None:
        found.setdefault(name, "".join(words).strip())
        words.clear()

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda *_: words.clear()
    parser.CharacterDataHandler = words.append
    parser.EndElementHandler = end
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise NotOurs("no XML") from None
    return found
