"""Machines on one machine: network namespaces with addresses of their own, a PostgreSQL and a Redis between them.

For `cluster.py`. Needs root, `ip`, and the two servers (`tools/setup.sh dev`). Nothing outside of the namespaces is
reached, and all is gone at the end.
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

HUB, NETWORK = "10.77.0.1", "10.77.0"
TICKS = os.sysconf("SC_CLK_TCK")


def call(*words: str, **options: Any) -> str:
    """Runs a command that must succeed; what it printed."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Laboratory:
    """The hub with its servers, and hosts as they are started."""

    def __init__(self, hosts: int) -> None:
        self.mark = f"xm{os.getpid()}"
        self.hub = f"{self.mark}hub"
        self.hosts = [f"{self.mark}h{place}" for place in range(1, hosts + 1)]
        self.folder = Path(tempfile.mkdtemp(prefix="xinmei-cluster-"))
        self.folder.chmod(0o755)
        self.password = secrets.token_hex(16)
        self.redis: subprocess.Popen[bytes] | None = None
        self.started: list[Host] = []

    def __enter__(self) -> Laboratory:
        try:
            self._lay_network()
            self._start_postgres()
            self.start_redis()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for host in self.started:
            host.kill()
        self.kill_redis()
        stop = [*self._postgres_words("pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"]
        subprocess.run(stop, cwd="/", capture_output=True, check=False)
        for name in (*self.hosts, self.hub):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    # the network

    def _lay_network(self) -> None:
        call("ip", "netns", "add", self.hub)
        call("ip", "-n", self.hub, "link", "set", "lo", "up")
        call("ip", "-n", self.hub, "link", "add", "switch", "type", "bridge")
        call("ip", "-n", self.hub, "addr", "add", f"{HUB}/24", "dev", "switch")
        call("ip", "-n", self.hub, "link", "set", "switch", "up")
        for place, name in enumerate(self.hosts, 1):
            plug = f"plug{place}"
            call("ip", "netns", "add", name)
            call("ip", "-n", self.hub, "link", "add", plug, "type", "veth", "peer", "name", "eth0", "netns", name)
            call("ip", "-n", self.hub, "link", "set", plug, "master", "switch", "up")
            call("ip", "-n", name, "addr", "add", f"{NETWORK}.{10 + place}/24", "dev", "eth0")
            call("ip", "-n", name, "link", "set", "eth0", "up")
            call("ip", "-n", name, "link", "set", "lo", "up")

    # the servers

    @property
    def data(self) -> Path:
        """Where PostgreSQL keeps its files."""
        return self.folder / "postgres"

    def _postgres_words(self, program: str) -> list[str]:
        folder = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        return ["runuser", "-u", "postgres", "--", f"{folder}/{program}"]

    def _start_postgres(self) -> None:
        self.data.mkdir()
        shutil.chown(self.data, "postgres")
        shutil.chown(self.folder, "postgres")
        making = ["-D", str(self.data), "-U", "xinmei", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        call(*self._postgres_words("initdb"), *making, cwd="/")
        with (self.data / "pg_hba.conf").open("a") as file:
            file.write(f"host all all {NETWORK}.0/24 trust\n")
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=1GB -c work_mem=64MB"
        listen = f"-c listen_addresses={HUB} -c unix_socket_directories={self.folder} -c max_wal_size=8GB"
        words = [*self._postgres_words("pg_ctl"), "-D", str(self.data), "-w", "-o", f"{listen} {quick}"]
        call("ip", "netns", "exec", self.hub, *words, "-l", str(self.folder / "postgres.log"), "start", cwd="/")

    def make_database(self, name: str, template: str = "template0") -> None:
        """A database; with a template a copy of it."""
        call(*self._postgres_words("createdb"), "-h", str(self.folder), "-U", "xinmei", "-T", template, name, cwd="/")

    def address_of(self, database: str, *, host: bool) -> str:
        """For XINMEI_DATABASE: as a host reaches it, or by the socket."""
        return (
            f"postgresql://xinmei@{HUB}:5432/{database}"
            if host
            else f"postgresql://xinmei@/{database}?host={self.folder}"
        )

    @property
    def broker(self) -> str:
        """For XINMEI_BROKER."""
        return f"redis://:{self.password}@{HUB}:6379/0"

    def start_redis(self) -> None:
        """Without a file: started again it has forgotten all."""
        binary = shutil.which("redis-server") or shutil.which("valkey-server") or "redis-server"
        forgetful = ["--save", "", "--appendonly", "no", "--loglevel", "warning", "--requirepass", self.password]
        words = ["ip", "netns", "exec", self.hub, binary, "--bind", HUB, *forgetful]
        self.redis = subprocess.Popen(words, stdout=subprocess.DEVNULL)

    def kill_redis(self) -> None:
        """At once, with all it knows."""
        if self.redis is not None:
            self.redis.kill()
            self.redis.wait()
            self.redis = None

    def ask_redis(self, *words: str) -> str:
        """What redis-cli says."""
        client = ["redis-cli", "-h", HUB, "-a", self.password, "--no-auth-warning", *words]
        done = subprocess.run(["ip", "netns", "exec", self.hub, *client], capture_output=True, text=True, check=False)
        return done.stdout

    # the hosts

    def start_host(self, place: int, words: list[str], environment: dict[str, str], core: int | None) -> Host:
        """A machine with its own name, address and folder; on one core where one is named."""
        name = self.hosts[place]
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        inside = ["unshare", "--uts", "sh", "-c", f'hostname {name}; exec "$@"', "sh", *pinned, *words]
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        own = {**environment, "XINMEI_VAR": str(folder)}
        with (folder / "log").open("a") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", name, *inside], env=own, stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(Host(name, f"{NETWORK}.{11 + place}", process))
        return self.started[-1]


class Host:
    """The processes of one machine."""

    def __init__(self, name: str, address: str, process: subprocess.Popen[bytes]) -> None:
        self.name, self.address, self.process = name, address, process

    def kill(self) -> None:
        """As a machine that loses its power."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()

    def stop(self) -> None:
        """In order."""
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()

    def seconds(self) -> float:
        """Processor time of all its processes so far."""
        return sum(seconds_of(pid) for pid in processes_of(self.process.pid))


def processes_of(session: int) -> list[int]:
    """All processes of a session."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = Path(path).read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.append(int(path.split("/")[2]))
    return found


def seconds_of(pid: int) -> float:
    """User and system time of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(value) for value in fields[11:15]) / TICKS


def wait_for(what: Any, seconds: float, why: str) -> None:
    """Until it is so."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise SystemExit(f"did not happen within {seconds:.0f} s: {why}")
        time.sleep(0.1)
