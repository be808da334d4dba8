"""Looks at 2,000 addresses that are broken or mean harm, and counts by kind what came of them.

.venv/bin/python benchmarks/hostile_functions.py [count] [seconds a request]

Every connection of the process is noted by an audit hook. Exit 1 where one went to another address than the one that
stands for the public network, where a look took too long, or where outcome or reason is not what it must be.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")

import django  # noqa: E402

django.setup()

from tests.hostile.addresses import cases  # noqa: E402
from tests.hostile.guarding import Seen, connections, elsewhere, hostile_names, look_at_all, trusting  # noqa: E402
from tests.hostile.server import hostile_servers  # noqa: E402

AT_A_TIME = 32


def main(count: int, seconds: float) -> int:
    """Prints what was seen; whether all went well, as an exit status."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = stack.enter_context(hostile_servers(folder))
        for one in (trusting(folder / "root.pem"), hostile_names()):
            stack.enter_context(one)
        found, since = cases(ports, count), time.monotonic()
        notes = stack.enter_context(connections())
        seen = look_at_all(found, seconds, AT_A_TIME)
        took = time.monotonic() - since
    wrong, away = [one for one in seen if not one.is_as_wanted], elsewhere(notes)
    late = [one for one in seen if one.seconds > 3 * seconds + 2]
    tell(seen)
    print(f"\n{len(seen)} addresses, {took:.0f} s, {AT_A_TIME} at a time; slowest {max(s.seconds for s in seen):.1f} s")
    print(f"{len(notes)} connections, {len(away)} of them to a private address {away[:5] or ''}")
    print(f"{len(late)} took longer than they may; {len(wrong)} came to something else than they must")
    for one in wrong[:40]:
        print(f"  {one.case.kind}: {one.case.address[:150]!r} -> {one.judged.outcome} {one.judged.reason[:200]}")
    return int(bool(wrong or away or late))


def tell(seen: Sequence[Seen]) -> None:
    """By kind: how many, what they came to, the reason most often given, the slowest."""
    kinds = sorted({one.case.kind for one in seen})
    print(f"{'kind':46} {'n':>4} {'works':>5} {'fails':>5} {'unseen':>6} {'slowest':>7}  usual reason")
    for kind in kinds:
        rows = [one for one in seen if one.case.kind == kind]
        outcomes = Counter(str(one.judged.outcome) for one in rows)
        reason = Counter(one.judged.reason for one in rows).most_common(1)[0][0]
        counted = f"{outcomes['works']:5} {outcomes['fails']:5} {outcomes['unseen']:6}"
        print(f"{kind:46} {len(rows):4} {counted} {max(one.seconds for one in rows):6.1f}s  {reason[:40]}")


if __name__ == "__main__":
    numbers = [float(one) for one in sys.argv[1:]] + [2000, 2.0][len(sys.argv) - 1 :]
    sys.exit(main(int(numbers[0]), numbers[1]))
