"""18 kinds of tampering, a few times each: all found, none falsely (benchmarks/tampering.py tries each fifty times)."""

from __future__ import annotations

from benchmarks.tampering import KINDS, try_all


def test_every_kind_of_tampering_is_found_by_both_verifiers():
    tried, found, missed = try_all(times=3, alone=1)
    assert (tried, found, missed) == (3 * len(KINDS), 3 * len(KINDS), [])
