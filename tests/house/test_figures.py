"""The figures of the house (tools/house_figures.py) count what they say, shown on a small house."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "xinmei/acts/verb.py": "class Verb: ...\n",
    "xinmei/supervision/verbs.py": (
        "from xinmei.acts.verb import Verb\nfrom xinmei.supervision.actions import rectify\n"
        'RECTIFY = Verb("finding.rectify", "整改", moves={"NOTIFIED": "RECTIFIED"}, do=rectify)\n'
    ),
    "xinmei/supervision/actions.py": "def rectify(finding, by, at):\n    return finding\n",
    "xinmei/supervision/queries.py": 'NEXT = {"finding.rectify": 1}\ndef waits(verb):\n    return verb == "rectify"\n',
    "xinmei/desk/duties.py": "from xinmei.supervision.verbs import RECTIFY\ndef duties():\n    return RECTIFY\n",
    "xinmei/commands/rectify.py": "from xinmei.supervision import actions\nactions.rectify(1, 2, 3)\n",
    "xinmei/people/models.py": (
        'from xinmei.desk import duties\nclass Held:\n    unit = models.ForeignKey("registry.Unit")\n'
    ),
    "xinmei/people/templates/people/own.html": '{% extends "desk/base.html" %}\n',
    "xinmei/desk/templates/desk/base.html": "<html>\n",
    "xinmei/core/a.py": "from xinmei.core import b\n",
    "xinmei/core/c.py": "def endless():\n" + "    x = 1\n" * 30,
    "xinmei/core/b.py": "def late():\n    from xinmei.core import a\n    return a\n"
    + "x = 1\n" * 300
    + "y" * 121
    + "\n",
}


@pytest.fixture
def figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import house_figures

    return house_figures.gather(tmp_path)


def test_a_declared_verb_is_counted_outside_of_declaration_and_function(figures):
    assert figures["verbs"]["shape"] == "declared acts"
    assert figures["verbs"]["places"] == {
        "finding.rectify": {
            "places": [
                "xinmei/desk/duties.py duties",
                "xinmei/supervision/queries.py NEXT",
                "xinmei/supervision/queries.py waits",
            ],
            "apart": ["xinmei/commands/rectify.py file", "xinmei/commands/rectify.py module"],
        }
    }


def test_what_points_upward_goes_round_or_is_too_long_is_named(figures):
    assert figures["upward"]["imports"] == ["xinmei/people/models.py:1 -> xinmei.desk.duties"]
    assert figures["upward"]["foreign keys"] == ["xinmei/people/models.py:3 -> registry.Unit"]
    assert figures["upward"]["templates"] == ["xinmei/people/templates/people/own.html:1 -> extends desk/base.html"]
    assert figures["circles"] == [["xinmei.core.a", "xinmei.core.b"]]
    assert figures["sizes"]["files over 300 lines"] == [("xinmei/core/b.py", 304)]
    assert figures["sizes"]["functions over 30 lines"] == [("xinmei/core/c.py:endless", 31)]
    assert figures["sizes"]["lines over 120 characters"] == [("xinmei/core/b.py:304", 121)]


def test_before_there_are_declarations_the_second_table_of_rights_names_the_verbs(tmp_path, figures):
    (tmp_path / "xinmei/supervision/verbs.py").unlink()
    rights = 'DO: dict = {"rectify": 1, "object": 2}\nLABELS = {"rectify": "整改", "object": "申诉"}\n'
    (tmp_path / "xinmei/people/rights.py").write_text(rights, encoding="utf-8")
    import house_figures

    found = house_figures.gather(tmp_path)["verbs"]["places"]
    assert found["object"]["places"] == ["xinmei/people/rights.py DO", "xinmei/people/rights.py LABELS"]
    assert "xinmei/supervision/queries.py waits" in found["rectify"]["places"]


def test_what_is_too_long_for_a_reason_is_shown_with_it_and_counted_apart(tmp_path, figures, capsys):
    import house_figures

    (tmp_path / "tools/figures").mkdir(parents=True)
    (tmp_path / "tools/figures/reasons.txt").write_text(
        "# why\nxinmei/core/c.py:endless  One list.\n", encoding="utf-8"
    )
    house_figures.show(house_figures.gather(tmp_path), everything=True)
    said = capsys.readouterr().out
    assert "FUNCTIONS OVER 30 LINES: 1, without a reason: 0\n     31  xinmei/core/c.py:endless  (One list.)" in said
    assert "FILES OVER 300 LINES: 1, without a reason: 1\n    304  xinmei/core/b.py\n" in said


@pytest.mark.parametrize("lines", ["xinmei/core/b.py\n", "xinmei/core/b.py  One.\nxinmei/core/b.py  Two.\n"])
def test_a_reason_that_says_nothing_or_stands_twice_is_refused(tmp_path, figures, lines):
    from figures.reasons import read_reasons

    (tmp_path / "tools/figures").mkdir(parents=True)
    (tmp_path / "tools/figures/reasons.txt").write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match=r"reasons\.txt:\d: xinmei/core/b\.py"):
        read_reasons(tmp_path)
