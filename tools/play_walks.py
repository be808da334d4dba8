"""Random walks through the acts, played on a product and judged by the oracle of tests/oracle.

    tools/play_walks.py --walks 200 --seed 1 --only filings -- .venv/bin/xinmei
    tools/play_walks.py --walks 2000 --by api

Prints what differs, by kind, with one act of each; exit status 1 where anything does. `--by do`, `api` and `import`
play on this product in this process, which is quicker: by `do`, by the API, by `do` with imports between the acts.
They look after each act whether what must hold still holds (`tests/oracle/holding.py`).
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
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
    parser.add_argument("--by", choices=("process", "do", "api", "import"), default="process")
    parser.add_argument("product", nargs="*", help="what is played on, where it is another process")
    given = parser.parse_args([word for word in sys.argv[1:] if word != "--"])
    given.town = given.town.resolve()
    if given.by == "process" and not given.product:
        parser.error("name the product, after --")
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


Played = tuple[int, list[Difference]]


def _in_processes(given: argparse.Namespace, town: Town, names: list[str]) -> list[Played]:
    """Each walk on a process of its own."""
    with imported(given.product, given.town) as var:

        def one(name: str) -> Played:
            with served(given.product, var) as product:
                return play(product, town, name, given.acts, KINDS[given.only])

        with ThreadPoolExecutor(given.at_once) as pool:
            return list(pool.map(one, names))


def _here(given: argparse.Namespace, names: list[str]) -> list[Played]:
    """All walks in a few processes, each walk in a transaction that is taken back."""
    with ProcessPoolExecutor(given.at_once, initializer=_begin, initargs=(given.town,)) as pool:
        work = [pool.submit(_play_here, given, name) for name in names]
        for number, one in enumerate(as_completed(work), 1):
            one.result()
            if number % 100 == 0:
                print(f"{number} walks", file=sys.stderr, flush=True)
        return [one.result() for one in work]


def _begin(town: Path) -> None:
    """A worker: its own folder, with the town imported once."""
    folder = tempfile.mkdtemp(prefix="xinmei-walks-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"XINMEI_VAR": folder, "XINMEI_SECOND_FACTOR": "off"}
    from django.test.utils import setup_test_environment

    from xinmei.commands.database import open_database

    open_database()
    setup_test_environment()
    from tests.oracle.here import NOW
    from xinmei.collectors.bundle.actions import import_bundle
    from xinmei.people.events import SYSTEM

    import_bundle(town, by=SYSTEM, at=NOW, refuse=lambda row: sys.exit(str(row)))


def _play_here(given: argparse.Namespace, name: str) -> Played:
    from django.db import transaction

    from tests.oracle.here import ByApi, Here, WithImports
    from tests.oracle.holding import Watched

    town = Town(given.town)
    make = {"do": Here, "api": lambda: ByApi(town), "import": lambda: WithImports(name)}[given.by]
    with transaction.atomic():
        watched = Watched(make(), town)
        count, found = play(watched, town, name, given.acts, KINDS[given.only])
        transaction.set_rollback(True)
    found += [Difference(name, {"verb": "holds"}, [line], {}) for line in watched.broken]
    return count, found


def main() -> int:
    given = asked()
    town, began = Town(given.town), time.monotonic()
    names = [f"{given.only} {given.seed}/{number}" for number in range(1, given.walks + 1)]
    played = _in_processes(given, town, names) if given.by == "process" else _here(given, names)
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
