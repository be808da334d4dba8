"""The one way out to the network by http.

Only public addresses are reached, checked at the socket, with limits on size, time and redirects.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2
import httpx2

from xinmei.core.addresses import Network as Network
from xinmei.core.addresses import is_public
from xinmei.core.functions import Answer

SIZE_LIMIT = 8 << 20
SECONDS = 20.0
REDIRECTS = 5
AGENT = "xinmei/1"
_SETTINGS = (
    "XINMEI_FETCH_ALLOW（采集）、XINMEI_NOTICE_ALLOW（通知）、"
    "XINMEI_WEBHOOK_ALLOW（推送）或 XINMEI_PLATFORM_ALLOW（平台接口）"
)
GZIP = b"\x1f\x8b\x08"


class FetchFault(Exception):
    """Why nothing came, in Chinese. `sent`: whether the other side may have got what was asked."""

    def __init__(self, text: str, *, sent: bool = True) -> None:
        super().__init__(text)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Page:
    """What came: the bytes, their declared type, the address that gave them after redirects, and for how many seconds
    a cache had kept them.
    """

    body: bytes
    content_type: str
    address: str
    age: int = 0
    status: int = 200


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step must end before the deadline, however slowly the other side sends."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self.stream, self.deadline = stream, deadline

    def _left(self, timeout: float | None) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("deadline")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class _Guard(httpcore2.NetworkBackend):
    """Resolves a name itself and connects to the very address that it has checked, so that a name cannot change its
    mind in between.
    """

    def __init__(self, allow: Sequence[Network], deadline: float) -> None:
        self.allow, self.deadline, self.sockets = allow, deadline, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError):
            raise FetchFault(f"找不到主机 {host}", sent=False) from None
        allowed = [address for address in found if is_public(address, self.allow)]
        if not allowed:
            raise FetchFault(
                f"主机 {host} 的地址不是公网地址，不予连接（确需连接的内网网段由运维写入 {_SETTINGS}）", sent=False
            )
        left = max(0.001, self.deadline - time.monotonic())
        stream = self.sockets.connect_tcp(allowed[0], port, min(left, timeout or left), local_address, socket_options)
        return _Stream(stream, self.deadline)


class _Transport(httpx2.HTTPTransport):
    def __init__(self, guard: _Guard) -> None:
        super().__init__(verify=_trust(), trust_env=False)
        self._pool = httpcore2.ConnectionPool(ssl_context=_trust(), network_backend=guard)


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that are trusted: read once, since that takes longer than many an answer."""
    return httpx2.create_ssl_context(trust_env=False)


def fetch(
    address: str, *, allow: Sequence[Network] = (), size_limit: int = SIZE_LIMIT, seconds: float = SECONDS
) -> Page:
    """Gets one page by http or https. Every redirect is checked as the first address was.

    Raises FetchFault, with a Chinese reason, where the address may not be connected to, or the answer is not 200, too
    long, too slow or broken.
    """
    headers = {"User-Agent": f"{AGENT} (+RSS/Atom)", "Cache-Control": "no-cache"}
    return _ask("GET", address, headers, None, REDIRECTS, allow, size_limit, seconds)


def post(
    address: str,
    content: bytes,
    *,
    headers: Mapping[str, str],
    allow: Sequence[Network] = (),
    size_limit: int = 1 << 20,
    seconds: float = SECONDS,
) -> Page:
    """Sends `content` by http or https and returns the answer; a redirect is not followed.

    Raises FetchFault as `fetch` does.
    """
    return _ask("POST", address, {"User-Agent": AGENT, **headers}, content, 0, allow, size_limit, seconds)


def push(
    address: str,
    content: bytes,
    *,
    headers: Mapping[str, str],
    allow: Sequence[Network] = (),
    seconds: float = SECONDS,
) -> None:
    """Sends `content` by http or https; of the answer only its state counts, and a redirect is not followed.

    Raises FetchFault where the answer is not one of 200 to 299, and as `fetch` does.
    """
    with _answers("POST", address, {"User-Agent": AGENT, **headers}, content, 0, allow, seconds) as response:
        if not response.is_success:
            raise FetchFault(f"对方返回状态 {response.status_code}")


def ask(
    method: str,
    address: str,
    *,
    params: Mapping[str, str] | None = None,
    content: bytes | None = None,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    fields: Mapping[str, str] | None = None,
    allow: Sequence[Network] = (),
    seconds: float = SECONDS,
) -> Page:
    """One call of another system's interface: any state is an answer, a redirect is one too and is not followed.

    What is sent is `content`, or a form of `fields` and `files` (name, bytes, type). Raises FetchFault as `fetch` does,
    whose `sent` says whether the call may have been carried out.
    """
    form: dict[str, Any] = {"params": params, "files": files, "data": fields}
    with _answers(method, address, {"User-Agent": AGENT}, content, 0, allow, seconds, form=form) as response:
        coding = response.headers.get("Content-Encoding", "").strip().lower() or "identity"
        body = _read(response.iter_raw(), coding, SIZE_LIMIT)
        return Page(body, response.headers.get("Content-Type", ""), address, status=response.status_code)


def look(address: str, *, allow: Sequence[Network] = (), size_limit: int = 1 << 16, seconds: float = 10.0) -> Answer:
    """Asks for an address and follows its redirects, each checked as the first address was; of the content the
    beginning is read, at most so many bytes.

    Any answer is one, 404 too. Raises FetchFault where none came: what could not be seen is not known to be gone.
    """
    hops: list[str] = []
    with _answers("GET", address, {"User-Agent": AGENT}, None, REDIRECTS, allow, seconds, hops) as response:
        head = bytearray()
        for block in response.iter_raw() if size_limit else ():
            head += block
            if len(head) >= size_limit:
                break
        content_type = response.headers.get("Content-Type", "")
        return Answer(response.status_code, tuple(hops), content_type, bytes(head[:size_limit]))


def _ask(
    method: str,
    address: str,
    headers: Mapping[str, str],
    content: bytes | None,
    redirects: int,
    allow: Sequence[Network],
    size_limit: int,
    seconds: float,
) -> Page:
    with _answers(method, address, headers, content, redirects, allow, seconds) as response:
        if response.status_code != httpx2.codes.OK:
            raise FetchFault(f"对方返回状态 {response.status_code}")
        coding = response.headers.get("Content-Encoding", "").strip().lower() or "identity"
        body = _read(response.iter_raw(), coding, size_limit)
        age = response.headers.get("Age", "")
        kept = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
        return Page(body, response.headers.get("Content-Type", ""), str(response.url), kept)


def _read(blocks: Iterable[bytes], coding: str, size_limit: int) -> bytes:
    """The whole body, unpacked where it comes packed although nobody asked for it; neither form may pass the limit."""
    body, packed = bytearray(), bytearray()
    for block in blocks:
        packed += block
        if len(packed) > size_limit:
            raise FetchFault(f"内容超过 {size_limit >> 20} MiB，没有读完")
    if coding == "identity" and not packed.startswith(GZIP):
        return bytes(packed)
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise FetchFault("对方没有按要求发送未压缩的内容，这种压缩读不了")
    # A gzip file may be several in a row; `deflate` comes with zlib's head, or, from some servers, without.
    rest = bytes(packed)
    wbits = zlib.MAX_WBITS | 16 if coding != "deflate" else zlib.MAX_WBITS if rest[:1] == b"\x78" else -zlib.MAX_WBITS
    try:
        while rest:
            unpacker = zlib.decompressobj(wbits)
            body += unpacker.decompress(rest, size_limit + 1 - len(body))
            if len(body) > size_limit:
                raise FetchFault(f"内容解开后超过 {size_limit >> 20} MiB，没有读完")
            if not unpacker.eof:
                raise FetchFault("压缩的内容没有传完就断了")
            rest = unpacker.unused_data.lstrip(b"\0")
    except zlib.error:
        raise FetchFault("压缩的内容解不开") from None
    return bytes(body)


@contextmanager
def _answers(
    method: str,
    address: str,
    headers: Mapping[str, str],
    content: bytes | None,
    redirects: int,
    allow: Sequence[Network],
    seconds: float,
    hops: list[str] | None = None,
    form: Mapping[str, Any] | None = None,
) -> Iterator[httpx2.Response]:
    """The answer, its content still to be read; what goes wrong with it, then too, is a FetchFault.

    `hops` gets every address on the way; `form` is what else the request is built of.

    Redirects are followed here, because the client would read and unpack what they carry, however much that is.
    """
    guard = _Guard(allow, time.monotonic() + seconds)
    transport = _Transport(guard)
    with _as_fault(seconds), httpx2.Client(transport=transport, timeout=seconds, trust_env=False) as client:
        request = client.build_request(
            method, address, headers={**headers, "Accept-Encoding": "identity"}, content=content, **(form or {})
        )
        for left in reversed(range(redirects + 1)):
            with closing(client.send(request, stream=True)) as response:
                if hops is not None:
                    hops.append(str(response.url))
                if not redirects or response.next_request is None:
                    yield response
                    return
                if not left:
                    raise FetchFault(f"转址超过 {redirects} 次")
                request = response.next_request


@contextmanager
def _as_fault(seconds: float) -> Iterator[None]:
    """Says what went wrong on the way."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise FetchFault(f"{seconds:g} 秒内没有读完", sent=not isinstance(error, httpx2.ConnectTimeout)) from None
    except httpx2.RemoteProtocolError:
        raise FetchFault("内容没有传完就断了，或不是正确的 HTTP") from None
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL):
        raise FetchFault("地址不是 http:// 或 https:// 开头的网址", sent=False) from None
    except httpx2.TransportError as error:
        raise FetchFault(_say_why(str(error)), sent=not isinstance(error, httpx2.ConnectError)) from None


def _say_why(error: str) -> str:
    """The usual reasons of a connection that failed, in Chinese, without the address: it may hold a key."""
    if "CERTIFICATE" in error.upper():
        return "对方的证书验证不过"
    return "连接不上：对方拒绝连接" if "refused" in error.lower() else "连接不上，或中途断开"
