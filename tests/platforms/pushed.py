"""What 公众号 pushes when a publishing task has ended, written as the documents say (read 2026-11-29).

Event: https://developers.weixin.qq.com/doc/offiaccount/Publish/Callback_on_finish.html
    PUBLISHJOBFINISH with PublishEventInfo: publish_id, publish_status, article_id, article_detail.
Signature: https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html
    sha1 over token, timestamp and nonce in their order; without an answer within five seconds it is sent three times.
Encryption:
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
    AES-256-CBC with Base64_Decode(EncodingAESKey + "="), its first 16 bytes the vector; 16 random bytes, the length in
    4, the words, the AppID; PKCS#7 to 32; msg_signature is over the encrypted words too.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.platforms.wechat import WeChatPlatform

Deliver = Callable[[str, bytes], int]


@dataclass
class Pusher:
    """Pushes for one account. `deliver(query, body)` brings it there, and answers with the state."""

    platform: WeChatPlatform
    app: str
    token: str
    deliver: Deliver
    key: str = ""
    nonces: itertools.count[int] = field(default_factory=lambda: itertools.count(1000))

    def push(self, task: str, *, at: datetime | None = None, token: str = "", app: str = "") -> int:
        """One push of that task: signed with another token, for another account, or late, where that is asked for."""
        return self.deliver(*self.write(task, at or self.platform.clock(), token or self.token, app or self.app))

    def write(self, task: str, at: datetime, token: str, app: str) -> tuple[str, bytes]:
        """The query and the body."""
        words = event(task, at)
        query = {"timestamp": str(int(at.timestamp())), "nonce": str(next(self.nonces))}
        query["signature"] = _sign(token, *query.values())
        if not self.key:
            return urlencode(query), words
        sealed = _encrypt(self.key, words, app)
        query["msg_signature"] = _sign(token, query["timestamp"], query["nonce"], sealed)
        return urlencode(query | {"encrypt_type": "aes"}), _xml(ToUserName="gh_1", Encrypt=sealed)


def event(task: str, at: datetime) -> bytes:
    """PUBLISHJOBFINISH"""
    about = (
        f"<publish_id>{task}</publish_id><publish_status>0</publish_status><article_id><![CDATA[a{task}]]></article_id>"
    )
    head = {"ToUserName": "gh_1", "FromUserName": "o_1", "MsgType": "event", "Event": "PUBLISHJOBFINISH"}
    return _xml(f"<CreateTime>{int(at.timestamp())}</CreateTime><PublishEventInfo>{about}</PublishEventInfo>", **head)


def _xml(more: str = "", **fields: str) -> bytes:
    told = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{told}{more}</xml>".encode()


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _encrypt(key: str, words: bytes, app: str) -> str:
    raw = base64.b64decode(key + "=")
    plain = secrets.token_bytes(16) + len(words).to_bytes(4, "big") + words + app.encode()
    missing = 32 - len(plain) % 32
    sealer = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([missing]) * missing) + sealer.finalize()).decode()
