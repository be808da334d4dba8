"""Workers that run at once, and one that is killed.

Nothing is lost; nothing is sent twice unless a worker dies; a repetition carries the same number.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as configured
from django.db import connection, transaction

from tests.at_once import at_once
from tests.cast import NOW, City, build_city, build_people
from xinmei.notices import actions
from xinmei.notices.models import Delivery, Notice
from xinmei.notices.tests.servers import mail_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
LATER = NOW + timedelta(minutes=5)
WORKER = """
import sys
from datetime import datetime
import django
django.setup()
from xinmei.notices.actions import deliver_waiting
deliver_waiting(datetime.fromisoformat(sys.argv[1]))
"""


def tell_every_unit(city: City, each: int = 3) -> None:
    notices = [
        Notice(
            kind="sent",
            key=str(n),
            audience="unit",
            unit=unit,
            about=unit,
            thing="findings_sent",
            title=f"问题反馈{n}",
            address="/findings/",
        )
        for unit in city.units.values()
        for n in range(each)
    ]
    with transaction.atomic():
        actions.tell(notices, at=NOW)


def test_two_workers_at_once_send_everything_once(settings: Any) -> None:
    city = build_people(build_city())
    with mail_server() as box:
        box.configure(settings)
        for n in range(12):  # a message each, so that there is something to compete for
            person = city.people["bian"]
            person.pk, person.login, person.email = None, f"bian{n}", f"bian{n}@example.cn"
            person.save()
            person.positions.create(unit=city.units["DH"], position="editor", starts_on=NOW.date())
        tell_every_unit(city)
        expected = len(set(Delivery.objects.values_list("person", flat=True)))
        at_once(2, lambda: actions.deliver_waiting(LATER))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
    # nothing twice: each notice stands in exactly one mail to each of its readers
    assert Counter(mail["Message-ID"] for mail in box.mails).most_common(1)[0][1] == 1
    assert expected <= len(box.mails) <= Delivery.objects.count()


def test_two_acts_at_once_tell_it_once() -> None:
    city = build_people(build_city())
    at_once(2, lambda: tell_every_unit(city, each=1))
    assert Notice.objects.count() == len(city.units)


def test_a_worker_that_is_killed_after_sending_repeats_under_the_same_number(settings: Any) -> None:
    city = build_people(build_city())
    workers: list[subprocess.Popen[bytes]] = []
    with mail_server() as box:
        box.configure(settings)
        take = box.handle_DATA

        async def take_and_kill(server: SMTP, session: Session, envelope: Envelope) -> str:
            answer = await take(server, session, envelope)
            if len(box.mails) == 1:
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait()
            return answer

        box.handle_DATA = take_and_kill  # type: ignore[method-assign]
        unit = city.units["DH"]
        with transaction.atomic():
            told = [
                Notice(
                    kind="sent",
                    key=key,
                    audience="leaders",
                    unit=unit,
                    about=unit,
                    thing="findings_sent",
                    title=f"问题{key}",
                    address="/findings/",
                )
                for key in "12"
            ]
            actions.tell(told, at=NOW)
        workers.append(_start_worker(box.port, LATER))
        assert workers[0].wait(60) == -signal.SIGKILL
        assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
        # as long as the lease runs, it may still be on its way
        assert actions.deliver_waiting(LATER + timedelta(minutes=1)).sent == 0
        assert actions.deliver_waiting(LATER + actions.LEASE + timedelta(minutes=1)).sent == 1
    first, again = box.mails
    assert first["Message-ID"] == again["Message-ID"]
    assert first.get_content() == again.get_content()
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 2)}


def _start_worker(port: int, at: datetime) -> subprocess.Popen[bytes]:
    """A worker in a process of its own, on the database of the tests."""
    name, vendor = str(connection.settings_dict["NAME"]), connection.vendor
    kept = connection.settings_dict
    url = (
        f"sqlite:///{name}"
        if vendor == "sqlite"
        else f"postgresql://{kept['USER']}:{kept['PASSWORD']}@/{name}?host={kept['HOST']}&port={kept['PORT']}"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "xinmei.settings",
        "XINMEI_DATABASE": url,
        "XINMEI_SMTP_HOST": "127.0.0.1",
        "XINMEI_SMTP_PORT": str(port),
        "XINMEI_SMTP_SECURITY": "none",
        "XINMEI_SMTP_FROM": "xmt@example.gov.cn",
        "PYTHONPATH": str(configured.BASE.parent),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, at.isoformat()], env=environment)
