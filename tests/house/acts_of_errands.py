"""How the verbs of errands are tried; part of `acts.py`."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import NOW, City
from tests.house.both_ways import Case
from xinmei.interaction.models import Errand, Message, OnPlatform


def errand(state: str) -> Callable[[City], object]:
    """An answer of 东湖发布 on its way to the platform, in that state."""

    def of(city: City) -> object:
        message = Message.objects.get(code="M-DH-1")
        OnPlatform.objects.get_or_create(message=message, defaults={"article": "77", "number": "1", "seen_at": NOW})
        times = {"since": NOW, "acted_at": NOW}
        return Errand.objects.create(
            message=message, does="answer", text="请看公告。", state=state, by="bian", **times
        ).pk

    return of


ERRANDS: dict[str, Case] = {
    "errand.again": Case("bian", "shen", errand("held")),
    "errand.stop": Case("bian", "shen", errand("waiting")),
}
