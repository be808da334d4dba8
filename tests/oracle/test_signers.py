"""Several sign one draft at the same moment (the large run: benchmarks/signers.py)."""

from __future__ import annotations

from itertools import count

import pytest

from tests.oracle.signers import Walked, gather, walk

pytestmark = pytest.mark.django_db(transaction=True)


def test_however_several_act_at_once_three_have_signed_what_was_released() -> None:
    walked, seeds = Walked(), count(1)
    gather()

    while (seed := next(seeds)) <= 3 or not walked.released:
        walk(f"at once/{seed}", 12, walked)

    assert walked.broken == []
    assert "draft.sign right" in walked.answers
