"""10,000 malformed requests to a real server, over all addresses and as every role.

None may answer 500, hang, or leave a traceback.

    python benchmarks/fuzz.py [--requests 10000] [--seed 1]                          a made city on SQLite
    tools/with_postgres.sh python benchmarks/fuzz.py                                 the same on PostgreSQL

The requests are drawn by `tests/house/malformed.py`; the same seed draws the same ones. With XINMEI_VAR or
XINMEI_DATABASE set and units in the database, that database is used (and filled with what the requests leave there).
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.served import serve, sign_in_all

if TYPE_CHECKING:
    from tests.house.malformed import Malformed

LOGINS = [
    f"{who}.{post}"
    for who, post in (("city", "inspector"), ("city", "head"), ("office", "editor"), ("office", "leader"))
]
LOGINS += [
    "office.section",
    "office.unit_admin",
    "wangxi.supervisor",
    "city.observer",
    "city.system",
    "city.security",
    "city.audit",
]
PATIENCE = 30.0


def send(port: int, data: bytes) -> tuple[int, bytes]:
    """Returns the status (0 where the server only closed the connection) and the head of the answer."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.settimeout(PATIENCE)
        answer = b""
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
            connection.sendall(data)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                if len(answer) < 4000:
                    answer += piece
    first = answer.split(b" ", 2)
    return (int(first[1]) if len(first) > 1 and first[1].isdigit() else 0), answer


def spell(request: Malformed, session: str) -> bytes:
    """The request as bytes on the wire."""
    from tests.house.malformed import CSRF

    names = {name for name, _ in request.headers}
    headers = [*request.headers, ("Connection", "close")]
    if "Host" not in names:
        headers.insert(0, ("Host", "127.0.0.1"))
    if "Cookie" not in names:
        headers.append(("Cookie", f"csrftoken={CSRF}; sessionid={session}"))
    if request.body:
        headers.append(("Content-Length", str(len(request.body))))
    head = (
        f"{request.method} {request.target} HTTP/1.1\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in headers)
        + "\r\n"
    )
    return head.encode("utf-8", "surrogatepass") + request.body


def main() -> int:
    """Prints the answers by status, and every request that went wrong. Returns 1 where there is one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinmei-fuzz-") as name:
        folder = Path(name)
        os.environ.setdefault("XINMEI_VAR", str(folder))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
        return _fuzz(options.requests, options.seed, folder / "server.log")


def _fuzz(count: int, seed: int, log: Path) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.house.malformed import Maker, known_keys
    from xinmei.registry.models import Unit

    call_command("migrate", verbosity=0)
    if not Unit.objects.exists():
        from xinmei.__main__ import main as run

        run(["demo", "--accounts", "60"])
    maker = Maker(seed, LOGINS, known_keys())
    sessions = sign_in_all(LOGINS)
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    slow: list[tuple[float, str]] = []
    lock = threading.Lock()

    def run_one(_: int) -> None:
        with lock:
            request = maker.make()
        login = request.login
        began = time.perf_counter()
        try:
            status, answer = send(port, spell(request, sessions.get(login, "")))
        except TimeoutError:
            status, answer = -1, b""
        took = time.perf_counter() - began
        with lock:
            statuses[status] += 1
            slow.append((took, str(request)[:200]))
            if status >= 500 or status < 0:
                wrong.append(f"{status} {request}")
            if login and status == 302 and b"Location: /login/" in answer:  # it logged itself out
                sessions.update(sign_in_all([login]))

    with serve(log) as (port, _):
        began = time.perf_counter()
        with ThreadPoolExecutor(4) as hands:
            list(hands.map(run_one, range(count)))
        seconds = time.perf_counter() - began
        alive = send(port, b"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")[0] == 200
    tracebacks = log.read_text(errors="replace").count("Traceback")
    print(
        f"{count} requests in {seconds:.0f} s:",
        ", ".join(f"{status or 'closed'} × {n}" for status, n in sorted(statuses.items())),
    )
    print(f"500 or no answer: {len(wrong)}; tracebacks in the log: {tracebacks}; alive afterwards: {alive}")
    for took, request in sorted(slow, reverse=True)[:5]:
        print(f"slowest: {took:.2f} s {request}")
    for line in wrong[:50]:
        print(line)
    if tracebacks:
        print(log.read_text(errors="replace")[-20_000:])
    return 1 if wrong or tracebacks or not alive else 0


if __name__ == "__main__":
    sys.exit(main())
