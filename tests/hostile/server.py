"""A server on 127.0.0.9 that answers each path in its own bad way, on plain sockets; and the same behind certificates
that are wrong in theirs.
"""

from __future__ import annotations

import gzip
import socket
import socketserver
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PUBLIC = "127.0.0.9"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
BLOCK = b"A" * 65536


def page(text: str, head: bytes = HTML) -> bytes:
    """An answer whole."""
    return head + b"\r\n" + text.encode()


def _packed(head: bytes, body: bytes) -> bytes:
    return HTML + head + b"\r\n" + body


_BOMB = gzip.compress(b"<p>" + b"0" * (64 << 20), 9)
_RAW = zlib.compressobj(9, zlib.DEFLATED, -15)
_BOMB_RAW = _RAW.compress(b"0" * (16 << 20)) + _RAW.flush()
_REDIRECT = "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

# What is sent whole.
ANSWERS: dict[str, bytes] = {
    "no-status": b"\r\n\r\n",
    "not-http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "old-http": b"<html>HTTP/0.9</html>",
    "letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "big-state": b"HTTP/1.1 99999 OK\r\n\r\n",
    "future": b"HTTP/7.3 200 OK\r\n\r\n",
    "binary": bytes(range(256)) * 40,
    "nothing": b"",
    "half": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Le",
    "short": HTML + b"Content-Length: 5000\r\n\r\nshort",
    "two-lengths": HTML + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
    "minus": HTML + b"Content-Length: -5\r\n\r\nhello",
    "vast": HTML + b"Content-Length: 99999999999999999999999\r\n\r\nhello",
    "bad-chunk": HTML + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n",
    "huge-chunk": HTML + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nhello\r\n",
    "no-colon": HTML + b"this is no header\r\n\r\nhello",
    "nul-header": HTML + b"X-A: \x00\x01\r\n\r\nhello",
    "folded": HTML + b"X-A: a\r\n\tb\r\n\r\n" + "<title>办事</title><form><input></form>".encode(),
    "many-headers": HTML + b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(20_000)) + b"\r\nhello",
    "long-header": HTML + b"X-A: " + b"a" * 500_000 + b"\r\n\r\nhello",
    "gzip-bomb": _packed(b"Content-Encoding: gzip\r\n", _BOMB),
    "deflate-bomb": _packed(b"Content-Encoding: deflate\r\n", _BOMB_RAW),
    "broken-gzip": _packed(b"Content-Encoding: gzip\r\n", b"\x1f\x8b\x08not so"),
    "says-gzip": _packed(b"Content-Encoding: gzip\r\n", b"<title>plain</title>"),
    "unknown-coding": _packed(b"Content-Encoding: zstd\r\n", b"\x28\xb5\x2f\xfd" + b"x" * 99),
    "packed-404": _packed(b"Content-Encoding: gzip\r\n", gzip.compress("<title>页面不存在</title>".encode())),
    "blank": page(""),
    "script-only": page("<div id=app></div><script src=/a.js></script>"),
    "soft-404": page("<title>提示</title>抱歉，您访问的页面不存在"),
    "parked": page("<title>domain for sale</title>Buy this domain"),
    "hijacked": page("<title>澳门新葡京</title>真人百家乐"),
    "gb": page("", b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb18030\r\n")
    + "<title>页面已删除</title>".encode("gb18030"),
    "wrong-charset": page("<title>办事</title>请填写<form><input></form>", HTML.replace(b"utf-8", b"hex")),
    "deep": page("<div>" * 20_000 + "好"),
    "odd-markup": page("<![endif]--><![foo[ <!doctype [ <!-- -- <a b='" + "x" * 9000),
    "marked": page("<![unknown [x]]><title>办事</title>请填写<form><input></form>"),
    "many-attributes": page("<input " + " ".join(f"a{n}=1" for n in range(9000)) + ">"),
    "refresh-private": page("<meta http-equiv=refresh content='0;url=http://10.1.2.3/'>"),
    "frame-private": page("<iframe src='http://192.168.3.4/x'></iframe>"),
    "refresh-loop": page("<meta http-equiv=refresh content='0;url=/refresh-loop'>"),
    "good": page("<title>办事</title>请填写<form><input></form>"),
}


# What comes slowly or never ends: what is sent first, what then again and again, after so many seconds each.
WAYS: dict[str, tuple[bytes, bytes, float]] = {
    "silent": (b"", b"", 0.05),
    "stalls": (HTML + b"Content-Length: 99\r\n\r\nhello", b"", 0.05),
    "drip-head": (b"", b"H", 0.05),
    "drip-headers": (HTML, b"X-A: a\r\n", 0.05),
    "drip-body": (HTML + b"\r\n", b"a", 0.05),
    "endless-body": (HTML + b"\r\n", BLOCK, 0.0),
    "endless-headers": (HTML, b"X-A: " + BLOCK[:900] + b"\r\n", 0.0),
    "endless-100": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.0),
}


def _send_for_ever(sock: socket.socket, way: tuple[bytes, bytes, float]) -> None:
    first, again, pause = way
    sock.sendall(first)
    until = time.monotonic() + 15
    while time.monotonic() < until:
        sock.sendall(again)
        time.sleep(pause)


class Handler(socketserver.BaseRequestHandler):
    """Reads the head of a request and answers as its path asks for."""

    def handle(self) -> None:
        with suppress(OSError, ValueError):
            self.request.settimeout(20)
            asked = b""
            while b"\r\n\r\n" not in asked:
                block = self.request.recv(65536)
                if not block:
                    return
                asked += block
            self._answer(asked.split(b" ")[1].decode("latin-1"))

    def _answer(self, target: str) -> None:
        name, _, rest = target.lstrip("/").partition("/")
        name = name.partition("?")[0]
        if name == "to":  # /to/ADDRESS
            self.request.sendall(_REDIRECT.format(unquote(rest)).encode("utf-8", "surrogateescape"))
        elif name == "loop":  # /loop/N leads to /loop/N+1
            self.request.sendall(_REDIRECT.format(f"/loop/{int(rest or 0) + 1}").encode())
        elif name == "state":
            self.request.sendall(f"HTTP/1.1 {rest[:3]} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        elif name in WAYS:
            _send_for_ever(self.request, WAYS[name])
        else:
            self.request.sendall(ANSWERS.get(name, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


class Server(socketserver.ThreadingTCPServer):
    """Behind a certificate, where it has one: the handshake is done by the thread of the request."""

    daemon_threads, allow_reuse_address, request_queue_size = True, True, 512
    context: ssl.SSLContext | None = None

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """One connection."""
        context = self.context
        with (
            suppress(OSError, ValueError),
            context.wrap_socket(request, server_side=True) if context else request as wrapped,
        ):
            self.RequestHandlerClass(wrapped, client_address, self)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asks leaves in the middle: that is what is tried."""


# ── certificates ──


def _certify(
    names: list[x509.GeneralName], first: datetime, last: datetime, by: tuple[x509.Certificate, object] | None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hostile" if by else "hostile root")])
    made = x509.CertificateBuilder().subject_name(own).issuer_name(by[0].subject if by else own)
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(first).not_valid_after(last)
    made = made.add_extension(x509.SubjectAlternativeName(names), False) if names else made
    made = made.add_extension(x509.BasicConstraints(ca=by is None, path_length=None), True)
    return made.sign(by[1] if by else key, hashes.SHA256()), key  # type: ignore[arg-type]


def make_certificates(folder: Path) -> dict[str, Path]:
    """`root` is to be trusted; the others are files of certificate and key, each wrong in its way."""
    now, day = datetime.now(UTC), timedelta(days=1)
    root = _certify([], now - 400 * day, now + 400 * day, None)
    here: list[x509.GeneralName] = [x509.IPAddress(ip_address(PUBLIC))]
    made = {
        "root": root,
        "good": _certify(here, now - day, now + 9 * day, root),
        "expired": _certify(here, now - 99 * day, now - day, root),
        "early": _certify(here, now + 9 * day, now + 99 * day, root),
        "other": _certify([x509.DNSName("other.example.com")], now - day, now + 9 * day, root),
        "self": _certify(here, now - day, now + 9 * day, None),
    }
    for name, (certificate, key) in made.items():
        shown = serialization.Encoding.PEM
        private = key.private_bytes(shown, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(shown) + private)
    return {name: folder / f"{name}.pem" for name in made}


@contextmanager
def hostile_servers(folder: Path) -> Iterator[dict[str, int]]:
    """The ports by name: `plain`, and one a certificate; `root.pem` in the folder is what a client would trust."""
    with ExitStack() as stack:
        ports = {}
        for name, path in {"plain": None, **make_certificates(folder)}.items():
            server = stack.enter_context(Server((PUBLIC, 0), Handler))
            if path:
                server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                server.context.load_cert_chain(path)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(server.shutdown)
            ports[name] = server.server_address[1]
        yield ports
