"""Asking the API as a program does, over Django's client."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.house.both_ways import bearer


def post(login: str, address: str, given: Any = None, *, key: str | None = None, **headers: str) -> HttpResponse:
    """One POST with the token of that person."""
    sent = {**bearer(login), **({"Idempotency-Key": key} if key is not None else {}), **headers}
    body = given if isinstance(given, bytes | str) else json.dumps(given or {})
    return Client().post(f"/api/v1/{address}", body, content_type="application/json", headers=sent)


def get(login: str, address: str) -> HttpResponse:
    """One GET with the token of that person."""
    return Client().get(f"/api/v1/{address}", headers=bearer(login))
