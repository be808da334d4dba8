"""An export brought and compared, its columns told, a difference settled."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from xinmei.core.screening import mask
from xinmei.core.spreadsheets.archives import Refused
from xinmei.core.upstream.reading import NoTable, layout_key
from xinmei.core.upstream.rules import plain_header
from xinmei.files.keeping import keep, parts_of
from xinmei.files.stores import FileFault
from xinmei.jobs.actions import start
from xinmei.people.doors import reach_to_do
from xinmei.people.events import Acting, record
from xinmei.people.reach import units_within
from xinmei.registry.reconciling.comparing import Tell, compare_file
from xinmei.registry.reconciling.doors import RIGHT
from xinmei.registry.reconciling.keeping import keep_differences
from xinmei.registry.reconciling.models import Comparison, Difference, Layout
from xinmei.units.models import Unit
from xinmei.units.reach import SUBTREE
from xinmei.units.reach import units_within as units_below

State = Comparison.State
# Larger files are compared as a job.
LARGE, PART = 1 << 20, 1 << 20


def start_comparison(given: Mapping[str, Any], by: Acting, at: datetime) -> Comparison:
    """Keeps the file and compares it: at once where it is small, else as a job."""
    file = given["file"]
    comparison = Comparison.objects.create(
        system=given["system"],
        platform=given["platform"],
        unit=Unit.objects.get(pk=by.unit_id) if by.unit_id else Unit.objects.order_by("path")[0],
        of_unit=given["unit"],
        name=str(file.name)[-200:],
        file=keep(file.chunks(PART), at),
        by=by.login,
        at=at,
        acted_at=at,
    )
    content = {
        "system": comparison.system,
        "platform": comparison.platform or None,
        "unit": comparison.of_unit.code if comparison.of_unit else None,
        "sha256": comparison.file_id,
    }
    record("comparison.start", by=by, at=at, kind="comparison", number=comparison.pk, content=content)
    _go_on(comparison, by, at)
    return comparison


def map_columns(comparison: Comparison, given: Mapping[str, Any], by: Acting, at: datetime) -> Comparison:
    """Remembers which column holds what, for this sheet and every one like it, and compares again."""
    columns = {name: plain_header(header) for name, header in given.items() if header}
    header = layout_key(comparison.header)
    digest = hashlib.sha256(json.dumps(header, ensure_ascii=False).encode()).hexdigest()
    Layout.objects.update_or_create(
        digest=digest, defaults={"header": header, "columns": columns, "by": by.login, "at": at}
    )
    record("comparison.map", by=by, at=at, kind="comparison", number=comparison.pk, content={"columns": columns})
    comparison.state, comparison.acted_at = State.READING, at
    comparison.save(update_fields=["state", "acted_at"])
    _go_on(comparison, by, at)
    return comparison


def _go_on(comparison: Comparison, by: Acting, at: datetime) -> None:
    if comparison.file.size > LARGE and by.person_id:
        start("reconcile", by=by, at=at, arguments={"comparison": comparison.pk})
    else:
        compare(comparison, by, at)


def compare(comparison: Comparison, by: Acting, at: datetime, tell: Tell = lambda said: None) -> None:
    """Compares a kept export as its person may, and stores what differs. What cannot be read is said there."""
    with tempfile.TemporaryDirectory(prefix="xinmei-reconcile-") as folder:
        path = Path(folder) / f"export{Path(comparison.name).suffix.lower()}"
        try:
            with path.open("wb") as target:
                target.writelines(parts_of(comparison.file_id))
            compared = compare_file(path, platform=comparison.platform, tell=tell)
        except NoTable as error:
            _say_unknown(comparison, error)
            return
        except (Refused, FileFault) as error:
            comparison.state, comparison.why = State.FAILED, str(error)
            comparison.save(update_fields=["state", "why"])
            return
    tell("正在记下不一致之处")
    with transaction.atomic():
        counts = keep_differences(comparison, compared, _scope(comparison, by), at)
        comparison.state, comparison.why, comparison.rows = State.DONE, "", len(compared.export.rows)
        comparison.headers = compared.export.headers
        comparison.unknown_words = {name: sorted(words) for name, words in compared.export.unknown_words.items()}
        comparison.found, comparison.new, comparison.gone = counts.found, counts.new, counts.gone
        comparison.save()


def _say_unknown(comparison: Comparison, error: NoTable) -> None:
    comparison.header = next((cells for _, _, cells in error.headers), [])
    comparison.state = State.UNKNOWN if comparison.header else State.FAILED
    comparison.why = f"{error}。"
    comparison.save(update_fields=["header", "state", "why"])


def _scope(comparison: Comparison, by: Acting) -> frozenset[int] | None:
    """The units whose rows count: those within reach of who brought it, and below the unit that was named."""
    reach = units_within(by, reach_to_do(by, RIGHT))
    if comparison.of_unit_id is None:
        return reach
    below = units_below(comparison.of_unit_id, SUBTREE) or frozenset()
    return below if reach is None else reach & below


def why_not_settle(difference: Difference, at: datetime) -> str:
    """What the last export does not have any more is over."""
    return "" if difference.standing else "最近一次对账里已经没有这一处，不用处理"


def settle(difference: Difference, given: Mapping[str, Any], by: Acting, at: datetime) -> Difference:
    """Says who is right. It stays so when the next export comes with the same difference."""
    difference.state, difference.how, difference.why = Difference.State.SETTLED, given["how"], given["why"]
    difference.meant, difference.by, difference.settled_at = given["account"], by.login, at
    difference.save(update_fields=["state", "how", "why", "meant", "by", "settled_at"])
    content = {
        "how": difference.how,
        "why": mask(difference.why) or None,
        "account": difference.meant.code if difference.meant else None,
    }
    record("difference.settle", by=by, at=at, kind="difference", number=difference.pk, content=content)
    return difference
