"""Asks django-axes and django-allauth what the rules of the log-in ask (docs/decisions/0218 and 0219).

    python -m venv scratch && scratch/bin/pip install django-axes 'django-allauth[mfa]' time-machine
    scratch/bin/python tools/try_kept_libraries.py

The libraries are no part of the project; the script needs nothing of it. Each line says whether a rule is kept.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

VAR = Path(os.environ.get("TRY_VAR") or tempfile.mkdtemp(prefix="kept-libraries-"))
NOW = datetime(2026, 5, 12, 2, 0, tzinfo=UTC)
SLOW = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def set_up() -> None:
    """A small site with both libraries, set as near to doors.md as their settings go."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="for a trial",
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": VAR / "db.sqlite3",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60, "init_command": "PRAGMA journal_mode=WAL"},
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "axes",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "allauth.usersessions",
        ],
        AUTHENTICATION_BACKENDS=["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"],
        MIDDLEWARE=["allauth.account.middleware.AccountMiddleware", "axes.middleware.AxesMiddleware"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher", SLOW],
        ROOT_URLCONF="allauth.urls",
        AXES_FAILURE_LIMIT=10,
        AXES_COOLOFF_TIME=timedelta(minutes=15),
        AXES_LOCKOUT_PARAMETERS=[["username", "ip_address"]],
        AXES_RESET_ON_SUCCESS=False,
        AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT=False,
        AXES_VERBOSE=False,
        USERSESSIONS_TRACK_ACTIVITY=True,
        SILENCED_SYSTEM_CHECKS=["axes.W001", "axes.W002", "axes.W003", "axes.W004", "axes.W006"],
        LOGGING_CONFIG=None,
    )
    django.setup()
    logging.disable()


def report(is_kept: bool, rule: str, seen: object = "") -> None:
    """One line."""
    print("kept  " if is_kept else "BROKEN", rule, f"({seen})" if seen != "" else "")


def make_request(address: str = "10.0.0.1"):
    """A request from `address`, with a session."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    request = RequestFactory(headers={"user-agent": "trial"}).post("/login/", REMOTE_ADDR=address)
    request.session = SessionStore()
    return request


def log_in(name: str, password: str, address: str = "10.0.0.1") -> bool:
    """Whether the library lets this person in."""
    from django.contrib.auth import authenticate

    return authenticate(make_request(address), username=name, password=password) is not None


def try_axes() -> None:
    """「Ten wrong passwords for one log-in name from one address within 15 minutes: refused for 15 minutes …」"""
    import time_machine
    from axes.models import AccessAttempt
    from django.contrib.auth import get_user_model
    from django.test import override_settings

    people = get_user_model().objects
    for name in ("cha", "tan"):
        people.create_user(name, password="right")
    with override_settings(PASSWORD_HASHERS=[SLOW]):
        people.create_user("lin", password="right")
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(10):
            log_in("cha", "wrong")
        report(not log_in("cha", "right"), "after ten wrong passwords the right one is refused too")
        report(log_in("tan", "right"), "another name from the address is let in")
        report(log_in("cha", "right", "10.0.0.2"), "the name from another address is let in")
        clock.shift(timedelta(minutes=15, seconds=1))
        report(log_in("cha", "right"), "the refusal ends after 15 minutes")
    AccessAttempt.objects.all().delete()
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(10):
            log_in("cha", "wrong")
            clock.shift(timedelta(minutes=10))
        report(log_in("cha", "right"), "ten wrong passwords in 90 minutes, never ten in 15, refuse nobody")
    AccessAttempt.objects.all().delete()
    with time_machine.travel(NOW, tick=False):
        for place in range(100):
            log_in(f"name{place}", "wrong")
        report(not log_in("tan", "right"), "an address is slowed beyond 60 tries a minute", "not after 100")
    AccessAttempt.objects.all().delete()
    looked_at = guess_in_parallel(40)
    report(looked_at <= 10, "of 40 guesses at one moment at most ten are looked at", f"{looked_at} looked at")


def guess_in_parallel(count: int) -> int:
    """So many wrong passwords sent together: how many were compared with the true one."""
    from django.contrib.auth.backends import ModelBackend
    from django.db import connections

    looked, barrier, compare = [], threading.Barrier(count), ModelBackend.authenticate

    def watch(self, request, username=None, password=None, **more):
        looked.append(password)
        return compare(self, request, username=username, password=password, **more)

    def guess() -> None:
        barrier.wait()
        log_in("lin", "wrong")
        connections.close_all()

    ModelBackend.authenticate = watch
    threads = [threading.Thread(target=guess) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ModelBackend.authenticate = compare
    return len(looked)


def use_code(code: str) -> bool:
    """Whether the code opens the second factor of 「cha」 in this process."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    return TOTP(Authenticator.objects.get(user__username="cha", type="totp")).validate_code(code)


def try_mfa() -> None:
    """「secrets sealed with a key outside the database; no code works twice」"""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
    from django.contrib.auth import get_user_model
    from django.core.cache import cache

    user = get_user_model().objects.get(username="cha")
    TOTP.activate(user, SECRET)
    kept = Authenticator.objects.get(user=user, type="totp").data["secret"]
    report(kept != SECRET, "as shipped the secret is sealed", "an adapter of one's own can seal it")
    while time.time() % 30 > 20:  # both processes stand in one step
        time.sleep(1)
    code = format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))
    first, again = use_code(code), use_code(code)
    report((first, again) == (True, False), "no code works twice in one process")
    other = subprocess.run(
        [sys.executable, __file__, "use", code], env=os.environ | {"TRY_VAR": str(VAR)}, capture_output=True, text=True
    )
    report(
        other.stdout.strip() == "False", "no code works twice in two processes", other.stdout.strip() or other.stderr
    )
    cache.clear()
    report(not use_code(code), "no code works twice after the cache was emptied (a restart)")
    codes = RecoveryCodes.activate(user)
    again_read = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()
    report(
        again_read != codes.generate_codes(), "recovery codes cannot be read back", "all ten come out of the database"
    )


def try_sessions() -> None:
    """「sessions listed and ended by the security administrator; pages ≤ 20 queries」"""
    from allauth.usersessions.models import UserSession
    from django.contrib.auth import get_user_model, login
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    user = get_user_model().objects.get(username="tan")
    for _ in range(20):
        request = make_request()
        request.user = user
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        request.session.save()
        UserSession.objects.create_from_request(request)
    with CaptureQueriesContext(connection) as asked:
        listed = UserSession.objects.purge_and_list(user)
    report(
        len(asked) <= 20, "a list of 20 sessions costs at most 20 queries", f"{len(asked)} queries for {len(listed)}"
    )
    with CaptureQueriesContext(connection) as asked:
        UserSession.objects.create_from_request(request)
    writes = sum(not query["sql"].startswith("SELECT") for query in asked)
    report(writes == 0, "a click that comes within a minute writes nothing", f"{len(asked)} statements, {writes} write")
    listed[0].end()
    report(not listed[0].exists(), "a session is ended by somebody else")


def main() -> None:
    """Everything in turn; `use CODE` is the second process."""
    set_up()
    if sys.argv[1:2] == ["use"]:
        print(use_code(sys.argv[2]))
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(f"django-axes {version('django-axes')}")
    try_axes()
    print(f"django-allauth {version('django-allauth')}: mfa")
    try_mfa()
    print(f"django-allauth {version('django-allauth')}: usersessions")
    try_sessions()


if __name__ == "__main__":
    main()
