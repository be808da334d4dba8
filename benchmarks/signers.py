"""1,000 drafts, in each round of which two or three people act at the same moment; three signed what was released.

    tools/with_postgres.sh .venv/bin/python benchmarks/signers.py [--walks 1000] [--rounds 14]

The database must be empty. By `do` and by the API, with doubles, old versions, somebody who holds all three positions,
a stand-in, positions that ended (tests/oracle/signers.py). 1 where anything did not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> int:
    """Prints what was answered, and what did not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, usual in (("walks", 1000), ("rounds", 14), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    os.environ.setdefault("XINMEI_SECOND_FACTOR", "off")
    from xinmei.commands.database import open_database

    open_database()
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS.append("testserver")
    settings.API_PER_MINUTE = 10**9
    from tests.oracle.signers import Walked, gather, walk

    began, walked = time.monotonic(), Walked()
    gather()
    for number in range(asked.walks):
        walk(f"{asked.seed}/{number}", asked.rounds, walked)
        if number % 100 == 99:
            print(f"{number + 1} walks, {len(walked.broken)} broken", file=sys.stderr, flush=True)
    for answer, count in sorted(walked.answers.items()):
        print(f"{count:6} {answer}")
    print("\n".join(walked.broken[:20]))
    acts = sum(walked.answers.values())
    used = time.process_time() / max(1, acts) * 1000
    print(
        f"{connection.vendor}: {asked.walks} walks, {acts} acts, {walked.released} released, "
        f"{len(walked.broken)} did not hold, {time.monotonic() - began:.0f} s, processor {used:.1f} ms an act"
    )
    return 1 if walked.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
