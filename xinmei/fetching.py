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
from urllib.parse import urlsplit

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
# Ports of other services, which no browser connects to for a page: mail, terminals, databases.
# https://fetch.spec.whatwg.org/#port-blocking, and the usual databases.
# fmt: off
NO_WEB = frozenset((
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
    111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
    540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 3306, 3389, 3659,
    4045, 4190, 5060, 5061, 5432, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211, 27017,
))
# fmt: on


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
    mind in between; by a tunnel of the proxy, where it is given one.
    """

    def __init__(self, allow: Sequence[Network], deadline: float, proxy: str = "") -> None:
        self.allow, self.deadline, self.proxy = allow, deadline, proxy
        self.sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        address = self._address_of(host, port)
        left = max(0.001, self.deadline - time.monotonic())
        if self.proxy:
            return self._tunnel(address, port, left)
        stream = self.sockets.connect_tcp(address, port, min(left, timeout or left), local_address, socket_options)
        return _Stream(stream, self.deadline)

    def _address_of(self, host: str, port: int) -> str:
        if port in NO_WEB:
            raise FetchFault(f"{port} 不是网页用的端口，不予连接", sent=False)
        try:
            found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError, ValueError, OverflowError):
            raise FetchFault(f"找不到主机 {host}", sent=False) from None
        allowed = [address for address in found if is_public(address, self.allow)]
        if not allowed:
            raise FetchFault(
                f"主机 {host} 的地址不是公网地址，不予连接（确需连接的内网网段由运维写入 {_SETTINGS}）", sent=False
            )
        return allowed[0]

    def _tunnel(self, address: str, port: int, left: float) -> httpcore2.NetworkStream:
        """A connection through the proxy to the address that was checked: the proxy gets no name to look up."""
        proxy = urlsplit(self.proxy)
        try:
            stream = _Stream(
                self.sockets.connect_tcp(str(proxy.hostname), proxy.port or 3128, left), deadline=self.deadline
            )
        except httpcore2.ConnectError:
            raise FetchFault("第二处的代理连不上", sent=False) from None
        there = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        stream.write(f"CONNECT {there} HTTP/1.1\r\nHost: {there}\r\nUser-Agent: {AGENT}\r\n\r\n".encode())
        said = b""
        while not said.endswith(b"\r\n\r\n"):
            block = stream.read(1)  # not a byte of what follows
            if not block or len(said) > 8192:
                raise FetchFault("第二处的代理没有正常回答", sent=False)
            said += block
        if said.split(b" ", 2)[1:2] != [b"200"]:
            raise FetchFault("第二处的代理没有接通", sent=False)
        return stream


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


def look(
    address: str,
    *,
    allow: Sequence[Network] = (),
    size_limit: int = 1 << 16,
    seconds: float = 10.0,
    proxy: str = "",
) -> Answer:
    """Asks for an address and follows its redirects, each checked as the first address was; of the content the
    beginning is read, at most so many bytes. `proxy`: through which it is asked, as seen from elsewhere.

    Any answer is one, 404 too. Raises FetchFault where none came: what could not be seen is not known to be gone.
    """
    hops: list[str] = []
    headers = {"User-Agent": AGENT}
    with _answers("GET", address, headers, None, REDIRECTS, allow, seconds, hops, proxy=proxy) as response:
        head = bytearray()
        for block in response.iter_raw() if size_limit else ():
            head += block
            if len(head) >= size_limit:
                break
        content_type = response.headers.get("Content-Type", "")
        coding = response.headers.get("Content-Encoding", "").strip().lower()
        shown = _unpack_head(bytes(head[:size_limit]), coding, size_limit)
        return Answer(response.status_code, tuple(hops), content_type, shown)


def _unpack_head(head: bytes, coding: str, size_limit: int) -> bytes:
    """The beginning of what was packed, at most so many bytes; as it is where it cannot be unpacked."""
    if coding not in ("gzip", "x-gzip", "deflate"):
        return head
    wbits = zlib.MAX_WBITS | 16 if coding != "deflate" else zlib.MAX_WBITS if head[:1] == b"\x78" else -zlib.MAX_WBITS
    try:
        return zlib.decompressobj(wbits).decompress(head, size_limit)
    except zlib.error:
        raise FetchFault("压缩的内容解不开") from None


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
    proxy: str = "",
) -> Iterator[httpx2.Response]:
    """The answer, its content still to be read; what goes wrong with it, then too, is a FetchFault.

    `hops` gets every address on the way; `form` is what else the request is built of.

    Redirects are followed here, because the client would read and unpack what they carry, however much that is.
    """
    guard = _Guard(allow, time.monotonic() + seconds, proxy)
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
    said = error.lower()
    if "certificate" in said:
        return next((why for words, why in _CERTIFICATES if words in said), "对方的证书验证不过")
    return "连接不上：对方拒绝连接" if "refused" in said else "连接不上，或中途断开"


_CERTIFICATES = (
    ("has expired", "对方的证书验证不过：已过期"),
    ("not yet valid", "对方的证书验证不过：还没有到生效的时间"),
    ("hostname mismatch", "对方的证书验证不过：不是发给这个域名的"),
    ("ip address mismatch", "对方的证书验证不过：不是发给这个地址的"),
    ("self-signed", "对方的证书验证不过：自己签发的，或者签发的机构本机不认得"),
    ("unable to get local issuer", "对方的证书验证不过：签发的机构本机不认得"),
)
