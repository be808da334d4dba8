"""This product in this process: by `do`, by the API with a token of one position, and with imports between the acts."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from xinmei.acts.declared import verbs
from xinmei.acts.lines import Answering, say_refused
from xinmei.collectors.bundle.actions import import_bundle
from xinmei.collectors.bundle.outcome import Refusal
from xinmei.core.refusals import NotSo
from xinmei.people.actions.tokens import PREFIX, digest_of
from xinmei.people.events import SYSTEM
from xinmei.people.models import PositionHeld, Token
from xinmei.registry.models import Account

from .days import SHANGHAI, day_of
from .town import ADMINISTRATORS, Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {"id", "verb", "on", "by", "as", "at", "with"}


class Here:
    """`do --jsonl` in this process."""

    def __init__(self) -> None:
        self.run = Answering(lambda: NOW)

    def do(self, act: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.run.answer(act)
        except NotSo as refused:
            return {"id": None, **say_refused(refused)}


class ByApi:
    """The operations of the API: a token acts as its one position, the clock is the server's.

    What no request can say (an unknown verb, a line that is no object) is answered by `do`.
    """

    def __init__(self, town: Town) -> None:
        self.town, self.line, self.client = town, Here(), Client()
        self.made: dict[str, str] = {}
        self.tokens: dict[int, str] = {}

    def said(self, act: dict[str, Any]) -> dict[str, Any]:
        """The act as a program can say it: without a key, and as one position where the person holds several."""
        act = {name: value for name, value in act.items() if name != "key"}
        at = moment_of(act.get("at"))
        if at is None or "as" in act or not isinstance(act.get("by"), str):
            return act
        held = self.town.positions(act["by"], at)
        return act | {"as": str(held[0])} if len(held) > 1 else act

    def do(self, act: dict[str, Any]) -> dict[str, Any]:
        at, held = moment_of(act.get("at")), self._held(act)
        address = self._address(act)
        if at is None or held is None or not address or not isinstance(act.get("with", {}), dict):
            return self._by_line(act)
        body = json.dumps(act.get("with", {}), ensure_ascii=False)
        headers = {"Authorization": f"Bearer {self._token(held)}"}
        with time_machine.travel(at, tick=False):
            reply = self.client.post(address, body, content_type="application/json", headers=headers)
        said = reply.json()
        if reply.status_code != 200:
            return {"ok": False, **{name: said.get(name) for name in ("refused", "why", "errors")}}
        if said:
            self.made[json.dumps(act.get("id"), sort_keys=True)] = str(said["id"])
        return {"ok": True, "object": said}

    def _by_line(self, act: dict[str, Any]) -> dict[str, Any]:
        on = act.get("on")
        made = (
            self.made.get(json.dumps(on["line"], sort_keys=True))
            if isinstance(on, dict) and set(on) == {"line"}
            else None
        )
        return self.line.do(act | {"on": made} if made else act)

    def _held(self, act: dict[str, Any]) -> PositionHeld | None:
        """The position that acts, held on that day."""
        at, login = moment_of(act.get("at")), act.get("by")
        if at is None or not isinstance(login, str) or set(act) - KEYS:
            return None
        names = [str(one) for one in self.town.positions(login, at)]
        wanted = act.get("as", names[0] if names else None)
        post, _, unit = str(wanted).partition("@")
        if wanted not in names or post in ADMINISTRATORS:  # who never acts by a program
            return None
        rows = PositionHeld.objects.filter(person__login=login, position=post, unit__code=unit)
        day = day_of(at)
        return next((one for one in rows if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)), None)

    def _address(self, act: dict[str, Any]) -> str:
        """Where the act is asked for; "" where no address says it."""
        verb, on = act.get("verb"), act.get("on")
        if not isinstance(verb, str) or verb not in verbs():
            return ""
        if isinstance(on, dict):
            on = self.made.get(json.dumps(on.get("line"), sort_keys=True)) if set(on) == {"line"} else None
            if on is None:
                return ""
        declared = verbs()[verb]
        takes = declared.also or not declared.makes
        if (on is None and not declared.makes) or (on is not None and not takes):
            return ""
        if on is not None and (not isinstance(on, str | int) or isinstance(on, bool) or not str(on).strip()):
            return ""
        return reverse(f"api_{verb.replace('.', '_')}", args=[] if on is None else [str(on)])

    def _token(self, held: PositionHeld) -> str:
        if held.pk not in self.tokens:
            secret = f"{PREFIX}{held.pk}"
            span = {"made_at": NOW - timedelta(days=900), "ends_at": NOW + timedelta(days=900)}
            digest = digest_of(secret)
            Token.objects.create(digest=digest, person=held.person, position_held=held, name="走", **span)
            self.tokens[held.pk] = secret
        return self.tokens[held.pk]


class WithImports:
    """By `do`, and between the acts rows are imported that only an act may bring about."""

    def __init__(self, seed: str) -> None:
        self.line, self.random = Here(), Random(f"imports {seed}")
        self.broken: list[str] = []
        self.imported = 0

    def do(self, act: dict[str, Any]) -> dict[str, Any]:
        at = moment_of(act.get("at"))
        if at is not None and self.random.random() < 0.5:
            self._import(at)
        return self.line.do(act)

    def _import(self, at: datetime) -> None:
        row, what = self._row(day_of(at))
        before, refused = _rows(), list[Refusal]()
        kept, settings.REGISTER = settings.REGISTER, "filings"
        try:
            with tempfile.TemporaryDirectory() as folder:
                with open(Path(folder) / "accounts.csv", "w", encoding="utf-8", newline="") as file:
                    sheet = csv.DictWriter(file, fieldnames=list(row))
                    sheet.writeheader()
                    sheet.writerow(row)
                import_bundle(Path(folder), by=SYSTEM, at=at, keep_good_rows=True, refuse=refused.append)
        finally:
            settings.REGISTER = kept
        self.imported += 1
        if not refused:
            self.broken.append(f"{what} was imported")
        if _rows() != before:
            self.broken.append(f"{what} was refused and changed the register")

    def _row(self, day: Any) -> tuple[dict[str, str], str]:
        """An account as it stands, with one thing otherwise; or one that is not there."""
        account = self.random.choice(list(Account.objects.select_related("unit").order_by("pk")))
        row = {name: str(getattr(account, name) or "") for name in FIELDS[2:]} | {"unit": account.unit.code}
        row["id"] = account.code
        ways: tuple[Callable[[], dict[str, str]], ...] = (
            lambda: {"id": f"N{self.random.randrange(10**6)}"},
            lambda: {"status": "closed", "closed_on": str(day)},
            lambda: {"status": "deregistered", "closed_on": str(day)},
            lambda: {"status": "closing", "announced_on": str(day - timedelta(days=40))},
            lambda: {"name": f"{account.name}新"},
            lambda: {"platform": "bilibili" if account.platform != "bilibili" else "douyin", "kind": ""},
            lambda: {"url": "https://example.invalid/other"},
            lambda: {"filed_national_on": str(day), "filed_city_on": str(day), "filed_provincial_on": str(day)},
            lambda: {"verification": "另一个单位"},
        )
        while (changed := self.random.choice(ways)()).items() <= row.items():
            pass
        return row | changed, f"{account.code} with {changed}"


FIELDS = (
    "id", "unit", "platform", "kind", "name", "handle", "url", "verification", "opened_on", "status", "closed_on",
    "announced_on", "filed_city_on", "filed_national_on", "filed_provincial_on", "followers", "contact", "phone",
)  # fmt: skip


def _rows() -> list[tuple[Any, ...]]:
    return list(Account.objects.order_by("pk").values_list())


def moment_of(text: Any) -> datetime | None:
    """The moment of an act; None where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
