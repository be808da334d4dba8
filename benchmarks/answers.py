"""10,000 answers of the inbox go out to a platform on loopback while all goes wrong that can; none twice, none lost.

    XINMEI_VAR=/tmp/answers .venv/bin/python benchmarks/answers.py [--answers 10000] [--official 40]

The database must be empty. Comments are read from the platform, each is answered by the act, and two workers take up
the same errands at the same moments and die in between; tokens end, limits are reached, answers are lost after the
platform has acted, codes come that no document names. Time is played (tests/platforms/answering.py). In the end every
answer on the platform is held against the inbox: once, with the platform's own moment, with its proof.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
BAD = ("doubled", "lost", "other words", "other time", "not done", "without proof")


def main() -> int:
    """Prints what was done and what came of it. Returns 1 where anything was doubled, lost, or has another moment."""
    parser = argparse.ArgumentParser()
    for name, usual in (("answers", 10_000), ("official", 40), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    from xinmei.commands.database import open_database

    open_database()
    from tests.platforms.answering import count, play

    began = time.monotonic()
    world = play(asked.answers, official=asked.official, seed=asked.seed)
    found = count(world)
    requests = sum(world.servers[0].requests.values())
    print(f"{asked.answers} answers, {requests} requests, {world.clock.deaths} workers died, seed {asked.seed}")
    print(f"faults injected: {sum(world.faults.values())} {dict(world.faults.most_common())}")
    print(f"asked for a token at once, at most: {world.wechat.most_asking}")
    print(f"persons called: {sum(world.told.values())}")
    for said, times in world.told.most_common():
        print(f"    {times:6} {said}")
    print(dict(found), f"{time.monotonic() - began:.0f} s")
    is_whole = found["answered there"] == asked.answers and not any(found[name] for name in BAD)
    return 0 if is_whole and world.wechat.most_asking <= 1 else 1


if __name__ == "__main__":
    raise SystemExit(main())
