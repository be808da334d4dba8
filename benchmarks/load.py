"""Mixed requests at a steady rate against a city of a million posts: latency by page, errors, processor.

    tools/with_postgres.sh python benchmarks/load.py                      30 a second for ten minutes, 1,000,000 posts
    tools/with_postgres.sh python benchmarks/load.py --rate 60 --minutes 30
    python benchmarks/load.py --posts 300000 --minutes 1                  the embedded default, SQLite

Makes a city of 400 accounts and multiplies its posts and messages in the database, serves it as `xinmei serve` does
(gunicorn), logs in as every post, and sends requests by the clock: one that must wait counts from the moment it was
due. The client runs on the same machine. A database that holds that many posts already is used as it is. 1 where a
request failed or the 99th percentile is over 400 ms.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.served import cpu_seconds, serve, sign_in_all

GOAL = 0.4
PATIENCE = 30
PASSWORD = "Fuzai-2026-ceshi"  # of the made city only
CSRF = "a" * 32
WORDS = ("公积", "秸秆", "医保", "义务教育", "个人所得税", "不动产登记", "竹亭县", "社区卫生服务中心", "龘靐")
INSPECTION, UNITS = (
    ("city.inspector", "city.head"),
    ("office.editor", "office.section", "office.leader", "office.unit_admin"),
)
SUPERVISION = ("wangxi.supervisor", "city.observer")
ADMINISTRATORS = ("city.system", "city.security", "city.audit")
LOGINS = (*INSPECTION, *UNITS, *SUPERVISION, *ADMINISTRATORS)
DRAFT = (
    "今日，市政府召开专题会议，研究部署义务教育招生入学工作。会议强调，要坚持以人民为中心的发展思想，按排好各项工作。"
    * 5
)


@dataclass(frozen=True)
class Page:
    """One kind of request: how often of all, as whom, and where (`{…}` is filled from what exists)."""

    title: str
    weight: int
    logins: tuple[str, ...]
    address: str
    form: dict[str, str] = field(default_factory=dict)


BUSINESS = (*INSPECTION, *UNITS, *SUPERVISION)
PAGES = (
    Page("工作台", 14, LOGINS, "/"),
    Page("账号列表", 6, LOGINS, "/accounts/"),
    Page("账号列表按更新排序", 3, INSPECTION, "/accounts/?sort=-days&page={page}"),
    Page("账号", 12, BUSINESS, "/accounts/{account}/"),
    Page("单位", 4, INSPECTION, "/units/{unit}/"),
    Page("单位年度", 3, INSPECTION, "/units/{unit}/2026/"),
    Page("问题列表", 6, BUSINESS, "/findings/"),
    Page("问题", 8, INSPECTION, "/findings/{finding}/"),
    Page("问题队列", 5, INSPECTION, "/findings/queue/"),
    Page("信息列表", 5, BUSINESS, "/posts/"),
    Page("信息列表深页", 1, INSPECTION, "/posts/?page={deep}"),
    Page("信息列表一周", 2, BUSINESS, "/posts/?week=2026-W{week}"),
    Page("信息列表搜字", 2, BUSINESS, "/posts/?q={word}"),
    Page("信息", 6, INSPECTION, "/posts/{post}/"),
    Page("留言列表", 4, (*INSPECTION, *UNITS), "/messages/"),
    Page("搜索", 5, BUSINESS, "/search/?q={word}"),
    Page("本周检查", 4, INSPECTION, "/inspection/"),
    Page("看不清", 1, INSPECTION, "/blindness/"),
    Page("年度考核", 2, INSPECTION, "/assessment/2026/"),
    Page("通报列表", 2, BUSINESS, "/bulletins/"),
    Page("操作留痕", 2, (*INSPECTION, "city.audit"), "/events/"),
    Page("稿件自查", 1, BUSINESS, "/draft-check/", {"text": DRAFT}),
    Page("公众核验", 3, ("",), "/verify/?name={name}"),
    Page("登录", 1, ("",), "/login/", {"username": "office.editor", "password": PASSWORD}),
)


def fill_database(posts: int) -> None:
    """A made city with this many posts: those of one year, copied within the database under codes of their own.

    Messages are copied likewise.
    """
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.db import connection

    from xinmei.__main__ import main as run
    from xinmei.interaction.models import Message
    from xinmei.interaction.search import INDEX as MESSAGES
    from xinmei.people.models import Person
    from xinmei.publishing.models import Post
    from xinmei.publishing.search import INDEX as POSTS
    from xinmei.registry.models import Unit

    call_command("migrate", verbosity=0)
    if not Unit.objects.exists():
        run(["demo"])
    have = Post.objects.count()
    times = max(1, Message.objects.count() and posts // have)
    for model, most in ((Post, posts), (Message, Message.objects.count() * times)):
        names = [
            connection.ops.quote_name(one.column)
            for one in model._meta.concrete_fields
            if one.name not in ("id", "code")
        ]
        table = connection.ops.quote_name(model._meta.db_table)
        first, round_ = model.objects.count(), 0
        with connection.cursor() as cursor:
            while (missing := most - model.objects.count()) > 0:
                round_ += 1
                cursor.execute(
                    (
                        f"INSERT INTO {table} (code, {', '.join(names)}) SELECT code || %s, {', '.join(names)} FROM "
                        f"{table} WHERE id <= %s ORDER BY id"
                    ),
                    [f"-{round_}", min(first, missing)],
                )
    if connection.vendor == "postgresql":  # as autovacuum does in service
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    for index in (POSTS, MESSAGES):
        index.update()
    Person.objects.filter(login__in=LOGINS).update(password=make_password(PASSWORD))


def read_what_exists(draw: random.Random) -> dict[str, list[str]]:
    """What the addresses are filled with."""
    from xinmei.publishing.models import Post
    from xinmei.registry.models import Account, Unit
    from xinmei.supervision.models import Finding

    last = Post.objects.order_by("-pk").values_list("pk", flat=True)[0]
    count = Post.objects.count()
    return {
        "account": list(Account.objects.values_list("code", flat=True)),
        "name": [quote(name) for name in Account.objects.values_list("name", flat=True)],
        "unit": list(Unit.objects.filter(kind__in=["county", "department", "town"]).values_list("code", flat=True)),
        "finding": [str(pk) for pk in Finding.objects.values_list("pk", flat=True)[:3_000]],
        "post": list(Post.objects.filter(pk__in=draw.sample(range(1, last), 2_000)).values_list("code", flat=True)),
        "word": [quote(word) for word in WORDS],
        "week": [f"{week:02}" for week in range(1, 47)],
        "page": [str(page) for page in range(1, 9)],
        "deep": [str(page) for page in range(2, count // 50, max(1, count // 50_000))],
    }


class Client:
    """Sends requests from many threads, each over its own connection that stays open, and keeps what each took."""

    def __init__(self, port: int, sessions: dict[str, str]) -> None:
        self.port, self.sessions, self.local, self.lock = port, sessions, threading.local(), threading.Lock()
        self.took: dict[str, list[float]] = defaultdict(list)
        self.failed: list[str] = []

    def send(self, page: Page, login: str, address: str, due: float) -> None:
        """Sends one request. Its time counts from the moment when it was due."""
        headers = {
            "Cookie": f"csrftoken={CSRF}" + (f"; sessionid={self.sessions[login]}" if login else ""),
            "X-CSRFToken": CSRF,
        }
        body = None
        if page.form:
            body, headers["Content-Type"] = urlencode(page.form), "application/x-www-form-urlencoded"
        try:
            status = self._ask("POST" if page.form else "GET", address, body, headers)
        except (OSError, http.client.HTTPException) as error:
            status = 0
            address = f"{address} {error!r}"
        took = time.perf_counter() - due
        with self.lock:
            self.took[page.title].append(took)
            if status != 200 and not (page.title == "登录" and status == 302) and status != 404:
                self.failed.append(f"{status} {login} {address}")

    def _ask(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> int:
        connection = getattr(self.local, "connection", None)
        for attempt in (1, 2):
            if connection is None:
                connection = self.local.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.port, timeout=PATIENCE
                )
            try:
                connection.request(method, address, body, headers)
                answer = connection.getresponse()
                answer.read()
            except (ConnectionError, http.client.RemoteDisconnected):
                connection.close()
                connection = None
                if attempt == 2:  # a kept connection may have been closed in the meantime; a fresh one may not
                    raise
            else:
                return answer.status
        raise AssertionError


def run_load(client: Client, rate: float, seconds: float, exists: dict[str, list[str]], draw: random.Random) -> None:
    """Sends requests by the clock, whatever the server does."""
    pages = draw.choices(PAGES, [page.weight for page in PAGES], k=int(rate * seconds))
    begin = time.perf_counter() + 0.5
    with ThreadPoolExecutor(200) as hands:
        for place, page in enumerate(pages):
            due = begin + place / rate
            login = draw.choice(page.logins)
            address = page.address.format(**{name: draw.choice(values) for name, values in exists.items()})
            time.sleep(max(0.0, due - time.perf_counter()))
            hands.submit(client.send, page, login, address, due)


def percentile(times: list[float], part: float) -> float:
    """The time, in milliseconds, below which that part of the sorted times lies."""
    return 1000 * times[min(len(times) - 1, int(part * len(times)))]


def report(client: Client, seconds: float, server_cpu: float, machine_cpu: float) -> int:
    """Prints the table. Returns 1 where something is wrong."""
    every = sorted(took for times in client.took.values() for took in times)
    for title, times in [
        *sorted(client.took.items(), key=lambda one: -percentile(sorted(one[1]), 0.99)),
        ("全部", every),
    ]:
        ordered = sorted(times)
        figures = "  ".join(f"p{int(100 * part)} {percentile(ordered, part):5.0f}" for part in (0.5, 0.95, 0.99))
        print(f"{title:　<12}{len(ordered):>6}  {figures}  max {1000 * ordered[-1]:5.0f} ms")
    print(f"{len(every) / seconds:.1f} requests/s, {len(client.failed)} failed")
    print(f"processors: server {server_cpu / seconds:.2f}, machine {machine_cpu / seconds:.2f}")
    for line in client.failed[:20]:
        print("failed:", line)
    return 1 if client.failed or percentile(every, 0.99) > 1000 * GOAL else 0


def machine_seconds() -> float:
    """How long all processors have worked so far."""
    user, nice, system, _idle, _wait, *rest = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:8])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="xinmei-load-") as name:
        os.environ.setdefault("XINMEI_VAR", name)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
        import django

        django.setup()
        fill_database(options.posts)
        exists, sessions = read_what_exists(draw), sign_in_all(list(LOGINS))
        with serve(Path(name) / "server.log") as (port, pid):
            client = Client(port, sessions)
            run_load(Client(port, sessions), 5, 6, exists, draw)  # the first requests read templates and rules
            began, server, machine = time.perf_counter(), cpu_seconds(pid), machine_seconds()
            run_load(client, options.rate, 60 * options.minutes, exists, draw)
            return report(client, time.perf_counter() - began, cpu_seconds(pid) - server, machine_seconds() - machine)


if __name__ == "__main__":
    sys.exit(main())
