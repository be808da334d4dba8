"""A table of units that is imported leaves what was: a result of before reads the name and the tree of its day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import NOW, build_city
from xinmei.collectors.bundle.actions import import_bundle
from xinmei.people.events import SYSTEM
from xinmei.units.history import spans_of, tree_on
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db


def test_what_a_table_changes_keeps_what_it_was_until_that_day(tmp_path: Path) -> None:
    build_city()
    table = "code,name,kind,parent,cohort\nDH-TY,桃源街道,town,GX,\nGX,高新区,zone,CZ,counties\n"
    (tmp_path / "units.csv").write_text(table, encoding="utf-8")
    for _ in range(2):
        import_bundle(tmp_path, by=SYSTEM, at=NOW, refuse=lambda refusal: pytest.fail(str(refusal)))
    town = Unit.objects.get(code="DH-TY")
    first, now = spans_of(town)
    assert (first.name, first.until, now.name, now.why) == ("桃源镇", NOW.date(), "桃源街道", "导入单位表")
    assert tree_on(NOW.date() - timedelta(days=1)).above(town.pk)[0] == "东湖县"
    assert len(spans_of(Unit.objects.get(code="GX"))) == 1
