"""No input makes a 500: a few hundred malformed requests to all addresses, as every role.

`benchmarks/fuzz.py` sends 10,000 to a real server.
"""

from __future__ import annotations

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.cast import NOW, PEOPLE, sign_in
from tests.house import malformed
from tests.house.things import make_things
from tests.lived import live_two_months

REQUESTS = 300


@pytest.mark.django_db
def test_no_malformed_request_makes_an_error_of_the_server():
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        make_things(city)
        maker = malformed.Maker(seed=20260512, logins=list(PEOPLE), keys=malformed.known_keys())
        for _ in range(REQUESTS):
            request = maker.make()
            client = Client(enforce_csrf_checks=True)
            client.cookies["csrftoken"] = malformed.CSRF
            if request.login:
                sign_in(client, city.people[request.login])
            with transaction.atomic():
                status = ask(client, request).status_code
                transaction.set_rollback(True)
            assert status < 500, str(request)


def ask(client: Client, request: malformed.Malformed):
    """Sends it; an exception of a view comes out as it is, so that the test shows where it arose."""
    headers = {name: value for name, value in request.headers if name not in ("Content-Type", "Cookie")}
    kind = dict(request.headers).get("Content-Type", "application/octet-stream")
    return client.generic(request.method, request.target, data=request.body, content_type=kind, headers=headers)
