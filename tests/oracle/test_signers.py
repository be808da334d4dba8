"""Several sign one draft at the same moment (the large run: benchmarks/signers.py)."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from tests.cast import NOW, build_city, build_people
from tests.drafting import release
from tests.oracle.sealed import Sealed
from tests.oracle.signers import Walked, gather, walk
from xinmei.people.models import PositionHeld
from xinmei.publishing.models import DraftStep

pytestmark = pytest.mark.django_db(transaction=True)


def test_however_several_act_at_once_three_have_signed_what_was_released() -> None:
    walked, seeds = Walked(), count(1)
    gather()

    while (seed := next(seeds)) <= 3 or not walked.released:
        walk(f"at once/{seed}", 12, walked)

    assert walked.broken == []
    assert "draft.sign right" in walked.answers


def test_what_does_not_hold_is_seen() -> None:
    build_people(build_city())
    draft, seals = release(), Sealed()

    def seen() -> str:
        return "；".join(seals.look())

    def changed(of: str, **step: object) -> str:
        steps = DraftStep.objects.filter(verb=of)
        before, number = steps.values(*step).get(), steps.get().pk
        DraftStep.objects.filter(pk=number).update(**step)
        said = seen()
        DraftStep.objects.filter(pk=number).update(**before)
        return said

    assert seen() == ""
    assert "was signed by ['bian', 'bian', 'qian']" in changed("check", by="bian")
    assert "[1, 1, 2] were signed" in changed("sign", version=2)
    assert "was released by ['sign']" in changed("check", verb="return")
    PositionHeld.objects.filter(person__login="qian").update(ends_on=NOW.date() - timedelta(days=1))
    assert "qian did not hold leader" in seen()
    seals.released[draft.release.pk] = ()
    assert "what was released has changed" in seen()
