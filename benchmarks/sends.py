"""10,000 drafts go out to platforms on loopback while all goes wrong that can; none twice, none lost.

    XINMEI_VAR=/tmp/sends .venv/bin/python benchmarks/sends.py [--sends 10000] [--official 40] [--microblogs 10]

The database must be empty. Two workers take up the same sendings at the same moments and die in between; tokens end,
another holder of the same secret takes one, limits are reached, answers are lost after the platform has acted, tasks
fail after they were taken, codes come that no document names. Time is played (tests/platforms/playing.py).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> int:
    """Prints what was done and what came of it. Returns 1 where anything was doubled, lost or untold."""
    parser = argparse.ArgumentParser()
    for name, usual in (("sends", 10_000), ("official", 40), ("microblogs", 10), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    from xinmei.commands.database import open_database

    open_database()
    from tests.platforms.counting import count
    from tests.platforms.playing import play

    began = time.monotonic()
    world = play(asked.sends, official=asked.official, microblogs=asked.microblogs, seed=asked.seed)
    found = count(world)
    requests = sum(sum(server.requests.values()) for server in world.servers)
    print(f"{asked.sends} drafts, {requests} requests, {world.clock.deaths} workers died, seed {asked.seed}")
    print(f"faults injected: {sum(world.faults.values())} {dict(world.faults.most_common())}")
    print(f"asked for a token at once, at most: {world.wechat.most_asking}")
    print(f"persons called: {sum(world.told.values())}")
    for said, times in world.told.most_common():
        print(f"    {times:6} {said}")
    print(dict(found))
    bad = found["doubled"] + found["lost"] + found["entered but not out"] + found["one article for two"]
    print(f"doubled {found['doubled']}, lost {found['lost']}, {time.monotonic() - began:.0f} s")
    return 1 if bad or world.wechat.most_asking > 1 else 0


if __name__ == "__main__":
    raise SystemExit(main())
