"""What a public page costs from memory, and how large it is: the processor a request, over the served product.

    python benchmarks/public_pages.py                     a made city of 400 accounts, 5,000 requests
    XINMEI_VAR=… python benchmarks/public_pages.py        over a database that is there already

Serves as `xinmei serve` does (gunicorn, two workers) and asks over connections that stay open, gzip accepted, from
this machine. 500 requests a second on two cores are 4 ms of processor each. 1 where one costs more than that, where a
page is larger than 50 KB compressed, or where an answer is not 200.
"""

from __future__ import annotations

import http.client
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.served import cpu_seconds, serve

REQUESTS, HANDS, GOAL_MS, GOAL_BYTES = 5_000, 4, 4.0, 50 * 1024


def addresses() -> list[str]:
    """The kinds of public pages, each several times."""
    from xinmei.registry.models import Account

    rows = list(Account.objects.order_by("code").values_list("code", "name")[:20])
    pages = ["/verify/", "/verify/search/", "/verify/list/", "/verify/list/platform/wechat/", "/announcements/"]
    pages += [f"/verify/accounts/{quote(code)}/" for code, _ in rows]
    pages += [f"/verify/?name={quote(name)}" for _, name in rows]
    return pages + [f"/public/accounts/{quote(code)}.{end}" for code, _ in rows for end in ("json", "jsonld", "svg")]


class Asker(threading.Thread):
    """Asks for one address after the other over one connection."""

    def __init__(self, port: int, pages: list[str], count: int) -> None:
        super().__init__()
        self.port, self.pages, self.count = port, pages, count
        self.largest: dict[str, int] = {}
        self.failed = 0

    def run(self) -> None:
        """All requests."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for place in range(self.count):
            address = self.pages[place % len(self.pages)]
            try:
                connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
                answer = connection.getresponse()
                body = answer.read()
                self.largest[address] = len(body)
                self.failed += answer.status != 200
            except (http.client.HTTPException, OSError):  # a worker that was replaced; asked again on the next
                connection.close()


def ask_all(port: int, pages: list[str], count: int) -> list[Asker]:
    """All requests from several hands at once."""
    askers = [Asker(port, pages, count // HANDS) for _ in range(HANDS)]
    for one in askers:
        one.start()
    for one in askers:
        one.join()
    return askers


def main() -> int:
    """Command line."""
    with tempfile.TemporaryDirectory(prefix="xinmei-public-") as name:
        os.environ.setdefault("XINMEI_VAR", name)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from xinmei.__main__ import main as run
        from xinmei.units.models import Unit

        call_command("migrate", verbosity=0)
        if not Unit.objects.exists():
            run(["demo"])
        pages = addresses()
        with serve(Path(name) / "server.log") as (port, pid):
            ask_all(port, pages, 8 * len(pages))  # both workers have made every page
            began, used = time.perf_counter(), cpu_seconds(pid)
            askers = ask_all(port, pages, REQUESTS)
            seconds, used = time.perf_counter() - began, cpu_seconds(pid) - used
    largest = max((size, address) for one in askers for address, size in one.largest.items())
    failed, each = sum(one.failed for one in askers), 1000 * used / REQUESTS
    print(f"{REQUESTS / seconds:.0f} requests/s on this machine now, {each:.2f} ms of processor a request")
    print(f"largest: {largest[0] / 1024:.1f} KB compressed, {largest[1]}; failed: {failed}")
    return 1 if failed or each > GOAL_MS or largest[0] > GOAL_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
