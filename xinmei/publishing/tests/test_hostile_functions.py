"""Addresses that mean harm: no packet to a private address, no hang, each with its reason. All 2,000 are looked at by
`benchmarks/hostile_functions.py`; here one or two of each kind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.addresses import cases
from tests.hostile.guarding import connections, elsewhere, hostile_names, look_at_all, trusting
from tests.hostile.server import PUBLIC, hostile_servers

SECONDS = 2.0


@pytest.mark.allow_hosts([PUBLIC])
def test_hostile_addresses_are_seen_through_with_no_packet_to_a_private_one(tmp_path: Path) -> None:
    with (
        hostile_servers(tmp_path) as ports,
        trusting(tmp_path / "root.pem"),
        hostile_names(),
        connections() as notes,
    ):
        seen = look_at_all(cases(ports, 140), SECONDS, at_a_time=48)

    assert notes
    assert elsewhere(notes) == []
    assert [(one.case, one.judged.outcome, one.judged.reason) for one in seen if not one.is_as_wanted] == []
    assert max(one.seconds for one in seen) < 4 * SECONDS
