"""How many jobs a second the ledger carries, and what an inspection in the background does to the pages.

    python benchmarks/jobs.py                  # jobs a second, with one worker process and with two
    python benchmarks/jobs.py --pages LOGIN    # pages of a served city (xinmei demo)

The first uses the database of the environment. The second measures the pages when nothing else runs, with inspections
in a child process, and with inspections in threads.

The database must be one for trials: jobs are written into it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

WORKER = """
import django
django.setup()
from xinmei.jobs.handlers import handler
from xinmei.jobs.worker import Worker
from xinmei.jobs.models import Job
handler("nothing", title="空")(lambda run: "完。")
worker = Worker(schedules=False)
worker.goes_on = lambda: bool(worker.held) or Job.objects.filter(kind="nothing", state="waiting").exists()
worker.work()
"""
# gunicorn as `xinmei serve` runs it, but with the jobs in a thread of the first web process.
THREADS = """
import sys, threading
import django
django.setup()
from gunicorn.app.base import BaseApplication
class Server(BaseApplication):
    def load_config(self):
        settings = {"bind": f"127.0.0.1:{sys.argv[1]}", "workers": 2, "worker_class": "gthread", "threads": 4,
                    "loglevel": "warning", "control_socket_disable": True, "post_fork": start}
        for name, value in settings.items():
            self.cfg.set(name, value)
    def load(self):
        from xinmei.wsgi import application
        return application
def start(server, worker):
    if worker.age == 1:
        from xinmei.jobs.worker import Worker
        threading.Thread(target=Worker(schedules=False).work, daemon=True).start()
Server().run()
"""
JOBS, SECONDS = 2_000, 20
ADDRESSES = ("/", "/findings/", "/accounts/", "/inspection/")


def measure_rate() -> None:
    """Enqueues jobs, then empties the ledger with one and with two worker processes."""
    from django.utils import timezone

    from xinmei.jobs import actions
    from xinmei.jobs.models import Job

    for workers in (1, 2):
        Job.objects.filter(kind="nothing").delete()
        now = timezone.now()
        began = time.perf_counter()
        for n in range(JOBS):
            actions.enqueue("nothing", str(n), at=now)
        written = time.perf_counter() - began
        began = time.perf_counter()
        started = [subprocess.Popen([sys.executable, "-c", WORKER], env=os.environ) for _ in range(workers)]
        while not Job.objects.filter(kind="nothing", state="done").exists():
            time.sleep(0.01)
        first = time.perf_counter()
        for one in started:
            one.wait()
        took = time.perf_counter() - first
        done = Job.objects.filter(kind="nothing", state="done", attempts=1).count()
        print(
            f"{workers} worker(s): {done} done once; written {JOBS / written:.0f}/s, done {JOBS / took:.0f}/s, start "
            f"{first - began:.1f} s"
        )


def measure_pages(login: str) -> None:
    """Times of four pages for one person, two at a time: while nothing else runs, and while inspections run."""
    from benchmarks.served import free_port, serve, sign_in_all

    key = sign_in_all([login])[login]
    with serve(Path("/dev/null")) as (port, _):
        _say("quiet", _ask(port, key, inspecting=False))
        _say("child process", _ask(port, key, inspecting=True))
    port = free_port()
    server = subprocess.Popen([sys.executable, "-c", THREADS, str(port)], env=os.environ)
    try:
        time.sleep(4)
        _say("threads of a web process", _ask(port, key, inspecting=True))
    finally:
        server.terminate()
        server.wait()


def _ask(port: int, key: str, *, inspecting: bool) -> list[float]:
    from django.utils import timezone

    from xinmei.jobs import actions
    from xinmei.jobs.models import Job

    if inspecting:
        for _ in range(100):
            actions.enqueue("inspection", f"bench {time.time_ns()}", at=timezone.now(), due_at=timezone.now())
        while not Job.objects.filter(kind="inspection", state="running").exists():
            time.sleep(0.05)
    times: list[float] = []
    end = time.monotonic() + SECONDS

    def ask() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port)
        n = 0
        while time.monotonic() < end:
            began = time.perf_counter()
            client.request("GET", ADDRESSES[n % len(ADDRESSES)], headers={"Cookie": f"sessionid={key}"})
            answer = client.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            times.append(time.perf_counter() - began)
            n += 1
            time.sleep(0.05)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Job.objects.filter(kind="inspection", key__startswith="bench", state="waiting").delete()
    return times


def _say(what: str, times: list[float]) -> None:
    parts = statistics.quantiles(times, n=100)
    print(
        f"{what}: {len(times)} pages, p50 {1000 * parts[49]:.0f} ms, p95 {1000 * parts[94]:.0f} ms, p99 "
        f"{1000 * parts[98]:.0f} ms"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", metavar="LOGIN", help="measure the pages instead, as this person")
    options = parser.parse_args()
    root = Path(__file__).resolve().parents[1]
    sys.path.insert(0, str(root))
    os.environ["PYTHONPATH"] = str(root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
    from xinmei.commands.database import open_database

    open_database()
    measure_pages(options.pages) if options.pages else measure_rate()
