"""Random walks through the acts, played on a product and judged by the oracle of tests/oracle.

    tools/play_walks.py --walks 200 --seed 1 --only filings -- .venv/bin/xinmei

Prints what differs, by kind, with one act of each; exit status 1 where anything does.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.oracle.editing import Editing  # noqa: E402
from tests.oracle.keeping import Keeping  # noqa: E402
from tests.oracle.players import Difference, imported, play, served  # noqa: E402
from tests.oracle.town import Town  # noqa: E402
from tests.oracle.walks import Walk  # noqa: E402

KINDS = {"filings": Walk, "drafts": Editing, "beside": Keeping}


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walks", type=int, default=20)
    parser.add_argument("--acts", type=int, default=30)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", choices=sorted(KINDS), default="filings")
    parser.add_argument("--town", type=Path, default=ROOT / "tests" / "oracle" / "town")
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--examples", type=int, default=1)
    parser.add_argument("--history", action="store_true", help="the acts of the walk before each example")
    parser.add_argument("product", nargs="+")
    given = parser.parse_args([word for word in sys.argv[1:] if word != "--"])
    given.town = given.town.resolve()
    return given


def shown(difference: Difference, history: bool) -> str:
    lines = [f"    walk {difference.walk}: {json.dumps(difference.act, ensure_ascii=False)}"]
    lines += [f"        {line}" for line in difference.lines]
    lines.append(
        f"        why: {difference.got.get('why')} {json.dumps(difference.got.get('errors'), ensure_ascii=False)}"
    )
    if history:
        on = difference.act.get("on")
        lines += [f"        before: {json.dumps(a, ensure_ascii=False)}" for a in difference.before if related(a, on)]
    return "\n".join(lines)


def related(act: dict[str, object], on: object) -> bool:
    return on is None or act.get("on") == on or (isinstance(on, dict) and act.get("id") == on.get("line"))


def main() -> int:
    given = asked()
    town, began = Town(given.town), time.monotonic()
    names = [f"{given.only} {given.seed}/{number}" for number in range(1, given.walks + 1)]
    with imported(given.product, given.town) as var:

        def one(name: str) -> tuple[int, list[Difference]]:
            with served(given.product, var) as product:
                return play(product, town, name, given.acts, KINDS[given.only])

        with ThreadPoolExecutor(given.at_once) as pool:
            played = list(pool.map(one, names))
    kinds: dict[str, list[Difference]] = defaultdict(list)
    for _, found in played:
        for difference in found:
            kinds[difference.kind].append(difference)
    for kind, count in Counter({kind: len(found) for kind, found in kinds.items()}).most_common():
        print(f"{count:4}  {kind}")
        for difference in kinds[kind][: given.examples]:
            print(shown(difference, given.history))
    acts, differ = sum(count for count, _ in played), sum(len(found) for _, found in played)
    print(f"{len(names)} walks, {acts} acts, {differ} differences, {time.monotonic() - began:.0f} s")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
