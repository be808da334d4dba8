"""The same act by page, by `xinmei do` and by API: how it is done each way, and what each leaves behind."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, City, sign_in
from xinmei.acts.lines import Answering
from xinmei.acts.offers import address_of
from xinmei.core.verbs import Verb
from xinmei.people.actions.tokens import PREFIX, digest_of
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event, Person, PositionHeld, Token


@dataclass(frozen=True)
class Case:
    """How one verb is tried: who does it ("": the public), to what, with what; and who sees the object but may not.

    `again` is what the same act is refused for when it comes twice; "" where it may be done again.
    """

    by: str
    refused: str
    on: Callable[[City], object] | None = None
    given: Mapping[str, Any] | Callable[[City], Mapping[str, Any]] = field(default_factory=dict)
    again: str = "state"

    def number(self, city: City) -> str:
        """The object's id, "" for a verb that makes one."""
        return str(self.on(city)) if self.on else ""

    def with_(self, city: City) -> dict[str, Any]:
        """What is given with the act, as JSON."""
        return dict(self.given(city) if callable(self.given) else self.given)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def by_line(verb: Verb, number: str, login: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """`xinmei do`: the answer."""
    sent = {"verb": verb.name, "with": dict(given), "at": NOW.isoformat()} | ({} if verb.public else {"by": login})
    return Answering(lambda: NOW).answer({**sent, "on": number} if number else sent)


def by_page(
    city: City, verb: Verb, number: str, login: str, given: Mapping[str, Any], *, key: str = ""
) -> HttpResponse:
    """The form of the page, sent as a browser sends it; `key`: the one that the form carried."""
    client = Client() if verb.public else sign_in(Client(), city.people[login])
    fields = {f"{verb.word}-{name}": _typed(one) for name, one in given.items()}
    return client.post(address_of(verb, number), fields | ({"sure": "1"} if verb.looks_twice else {}) | {"key": key})


def by_api(verb: Verb, number: str, login: str, given: Mapping[str, Any]) -> HttpResponse:
    """The operation of the API, as a program asks for it, with a token of the first position that the person holds."""
    address = reverse(f"api_{verb.name.replace('.', '_')}", args=[number] if number else [])
    return Client().post(address, json.dumps(given), content_type="application/json", headers=bearer(login))


def bearer(login: str) -> dict[str, str]:
    """The header of a program that acts for this person. Its token is made past the act, and leaves no event."""
    person, secret = Person.objects.get(login=login), f"{PREFIX}{login}"
    held = person.positions.order_by("pk").first() or PositionHeld.objects.filter(position="editor").first()
    span = {"made_at": NOW, "ends_at": NOW + timedelta(days=366)}
    Token.objects.get_or_create(digest=digest_of(secret), person=person, position_held=held, name="试", **span)
    return {"Authorization": f"Bearer {secret}"}


def _typed(value: Any) -> Any:
    """A value of JSON as a form field."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return SimpleUploadedFile(value["name"], b"%PDF-1.4 ")
    return value


def left_behind(verb: Verb, number: str, since: int) -> tuple[object, list[tuple[Any, ...]]]:
    """The object as the system sees it, and the events written after row `since`.

    Numbers of new rows are left out.
    """
    rows = verb.of.model._default_manager
    found = rows.filter(**{verb.of.key: number}).first() if number else rows.order_by("-pk").first()
    shown = None if found is None else verb.of.show(found, SYSTEM)
    kept: Any = shown if found is None else without_numbers(shown, "" if number else f"/{found.pk}")
    if not number and found is not None and kept.get("number") == str(found.pk):
        del kept["number"]  # of a receipt
    events = Event.objects.filter(pk__gt=since).order_by("pk")
    made = verb.result.name if verb.result else ""  # a row of another kind: its number is drawn anew each time
    kept = without(kept, made)
    said = [without(_said(one.content), made) for one in events]
    written = [
        (one.verb, one.actor, one.position, one.unit, one.object_kind, content)
        for one, content in zip(events, said, strict=True)
    ]
    return without_files(kept), written if number else [one[:-1] for one in written]


def without_numbers(shown: Any, own: str) -> Any:
    """What was made without the numbers of its rows, which are drawn anew each time."""
    if isinstance(shown, dict):
        return {key: without_numbers(one, own) for key, one in shown.items() if key != "id"}
    if isinstance(shown, list):
        return [without_numbers(one, own) for one in shown]
    return shown.removesuffix(own) if isinstance(shown, str) else shown


def _said(content: str) -> object:
    """What an event says; of personal data only which there were, for their keys are drawn anew each time."""
    said = json.loads(content) if content else None
    if said:
        said.pop("incident", None)  # the number of a row that was made
    if said and "commitments" in said:
        said["commitments"] = sorted(said["commitments"])
    return without_files(said)


def without(said: Any, name: str) -> Any:
    """What is said, without what stands under that name."""
    return {key: one for key, one in said.items() if key != name} if isinstance(said, dict) else said


def without_files(said: Any) -> Any:
    """Files that are written twice differ by the moment that Word and PDF keep in them."""
    return {key: one for key, one in said.items() if "sha256" not in key} if isinstance(said, dict) else said


def last_event() -> int:
    """The row of the last event."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def says(answer: HttpResponse, why: str) -> bool:
    """Whether the page says this sentence."""
    return why in html.unescape(answer.content.decode())
