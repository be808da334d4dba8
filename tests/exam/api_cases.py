"""schemathesis over the whole API: cases drawn from the document, asked with the tokens of many positions.

Half of the ids are ones that there are, so that acts get past the first check. What an act changes is taken back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.house.both_ways import bearer
from xinmei.acts.declared import kinds
from xinmei.api.urls import ROOT

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
DRAWN = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@dataclass
class Tally:
    """How often each status came, and what was outside of the document."""

    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    outside: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many requests there were."""
        return self.statuses.total()


def known_ids() -> dict[str, list[str]]:
    """By the word for the kind in an address: numbers of objects that there are."""
    return {
        kind.plural: [kind.number_of(one) for one in kind.model._default_manager.all()[:50]]
        for kind in kinds().values()
    }


def drive(logins: Iterable[str], *, examples: int, only: str = "") -> Tally:
    """Asks each operation, so many times right and as many times wrong, as each of these persons."""
    tally, ids = Tally(), known_ids()
    with connection_kept_open():
        document = schemathesis.openapi.from_wsgi(f"/{ROOT}openapi.json", get_wsgi_application())
        operations = [result.ok() for result in document.get_all_operations()]
        for login in logins:
            headers = bearer(login)
            for operation in operations:
                if only in operation.path:
                    for mode in GenerationMode:
                        _ask(operation, mode, headers, ids, examples, tally)
    return tally


@contextmanager
def connection_kept_open() -> Iterator[None]:
    """A server closes the connection to the database after a request; here it is that of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _ask(
    operation: Any,
    mode: GenerationMode,
    headers: dict[str, str],
    ids: dict[str, list[str]],
    examples: int,
    tally: Tally,
) -> None:
    known = ids.get(operation.path.removeprefix(f"/{ROOT}").split("/")[0], [])

    @settings(DRAWN, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if known and "pk" in (case.path_parameters or {}) and tally.asked % 2:
            case.path_parameters["pk"] = known[tally.asked % len(known)]
        with transaction.atomic():
            response = case.call(headers={**headers, "Accept-Encoding": "identity"})  # it unpacks nothing here
            transaction.set_rollback(True)
        tally.statuses[response.status_code] += 1
        tally.operations.add(operation.label)
        for fault in _faults(case, response):
            tally.outside.append(f"{operation.label} {response.status_code}: {fault}\n{case.as_curl_command()[:600]}")

    ask()


def _faults(case: Any, response: Any) -> Iterator[str]:
    try:
        case.validate_response(response, checks=list(CHECKS), additional_checks=[])
    except FailureGroup as group:
        yield from (str(one) for one in group.exceptions)
    except Failure as failure:
        yield str(failure)
