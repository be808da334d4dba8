"""A file of the bundle is one declaration.

A table that nobody else knows comes in, is refused, and goes out like the others.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cast import NOW
from xinmei.collectors.bundle.columns import ACCOUNT, labels_of, must
from xinmei.collectors.bundle.export import Facts
from xinmei.collectors.bundle.kinds import Choice, Text
from xinmei.collectors.bundle.load import Load
from xinmei.collectors.bundle.opening import open_source
from xinmei.collectors.bundle.outcome import Refusal
from xinmei.collectors.bundle.table import Referred, Table
from xinmei.collectors.bundle.tables import TABLES
from xinmei.collectors.models import Feed
from xinmei.collectors.tests.bundles import Bundle, take

FEEDS = Table(
    "feeds",
    "采集地址",
    ".jsonl",
    Feed,
    ("account", "kind"),
    (ACCOUNT, must("kind", "种类", Choice(labels_of(Feed.Kind))), must("address", "地址", Text())),
    order=1000,
    second_key="kind",
    contradiction=lambda row: ("address", "地址不在网上") if not row[2].startswith("https:") else None,
)


def load(folder: Path, refusals: list[Refusal]) -> Load:
    load = Load(open_source(folder), (*TABLES, FEEDS), at=NOW, keep_good_rows=True, refuse=refusals.append)
    load.take_table(FEEDS)
    return load


@pytest.mark.django_db
def test_a_new_table_comes_in_is_refused_and_goes_out_by_its_declaration_alone(tmp_path: Path) -> None:
    take(Bundle().write(tmp_path / "city"))
    rows = [
        {"account": "A1", "kind": "rss", "address": "https://a.example/1"},
        {"account": "A9", "kind": "rss", "address": "https://a.example/2"},
    ]
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "feeds.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    refusals: list[Refusal] = []

    counts = load(folder, refusals).counts
    assert (counts.created, counts.updated, counts.refused) == ({"feeds": 1}, {"feeds": 0}, 1)
    assert refusals == [Refusal("feeds.jsonl", 2, "account", "账号 “A9” 既不在这个包里，也不在库里")]
    exported = Facts(with_people=False, progress=None).rows(FEEDS)
    assert list(exported) == [["A1", "rss", "https://a.example/1"]]

    (folder / "feeds.jsonl").write_text(json.dumps(rows[0] | {"address": "gopher:"}) + "\n")
    load(folder, refusals)
    assert refusals[1:] == [Refusal("feeds.jsonl", 1, "address", "地址不在网上")]


def test_what_a_table_refers_to_comes_before_it_and_states_how_it_is_referred_to() -> None:
    orders = [table.order for table in TABLES]
    assert orders == sorted(set(orders))
    by_name = {table.name: table for table in TABLES}
    for table in TABLES:
        for _, target in table.references:
            assert by_name[target].order <= table.order
            assert by_name[target].referred is not None


def test_the_declarations_hold_together() -> None:
    for table in TABLES:
        assert set(table.identity) <= set(table.places), table.name
        assert set(table.judged_by) <= set(table.places), table.name
        assert set(table.example or ()) <= set(table.places), table.name
        assert (table.referred is Referred.BY_KEY) == bool(table.unit_field), table.name
        assert not table.nested or table.nested.column == table.columns[-1].name, table.name
        assert not table.second_key or table.second_key in table.identity, table.name
