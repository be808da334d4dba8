"""No test of the suite is left out in silence: what would be skipped fails and says what to install."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each way to leave a test out.
LEFT_OUT = re.compile(
    r"pytest\.skip\b|mark\.skip|importorskip|mark\.xfail|pytest\.xfail|unittest\.skip|SkipTest|collect_ignore"
)


# Each would be skipped, or be expected to fail, in its own way.
LEAVING_OUT = {
    "by_call": "import pytest\n\ndef test_it():\n    pytest.skip('no compiler')\n",
    "by_mark": "import pytest\n\n@pytest.mark.skip(reason='no compiler')\ndef test_it():\n    pass\n",
    "by_condition": "import pytest\n\n@pytest.mark.skipif(True, reason='no compiler')\ndef test_it():\n    pass\n",
    "by_fixture": (
        "import pytest\n\n@pytest.fixture\ndef it():\n    pytest.skip('no compiler')\n\ndef test_it(it):\n    pass\n"
    ),
    "by_module": "import pytest\n\npytest.skip('no compiler', allow_module_level=True)\n",
    "by_import": (
        "import pytest\n\npytest.importorskip('no_such_module', reason='no compiler')\n\ndef test_it():\n    pass\n"
    ),
    "by_failing": "import pytest\n\n@pytest.mark.xfail(reason='no compiler')\ndef test_it():\n    assert False\n",
    "by_unittest": (
        "from unittest import *\n\n@skip('no compiler')\nclass T(TestCase):\n    def test(self):\n        pass\n"
    ),
}
PASSING = "by_nothing"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """What was reported of each, and its text: all of them and one that passes, in one run with the plugin alone."""
    folder = tmp_path_factory.mktemp("left_out")
    for name, text in {**LEAVING_OUT, PASSING: "def test_it():\n    pass\n"}.items():
        (folder / f"test_{name}.py").write_text(text, encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "tests.no_skips", "-p", "no:cacheprovider"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [*words, "--continue-on-collection-errors", "--junitxml=report.xml"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in (*LEAVING_OUT, PASSING)}
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        of = re.search(r"test_(by_[a-z]+)", f"{case.get('classname')} {case.get('name')}")
        assert of
        found[of[1]] += [(one.tag, f"{one.get('message')} {one.text}") for one in case] or [("passed", "")]
    return found


@pytest.mark.parametrize("name", LEAVING_OUT)
def test_a_test_that_would_be_skipped_fails_with_the_reason(
    reports: dict[str, list[tuple[str, str]]], name: str
) -> None:
    assert {outcome for outcome, _ in reports[name]} <= {"failure", "error"}
    [text] = [text for _, text in reports[name] if "No test is skipped" in text]
    assert "no compiler" in text


def test_a_test_that_passes_still_passes(reports: dict[str, list[tuple[str, str]]]) -> None:
    assert reports[PASSING] == [("passed", "")]


def test_every_run_of_the_suite_has_the_plugin(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.hasplugin("tests.no_skips")
    # A table of cases that became empty is a test that nobody runs.
    assert pytestconfig.getini("empty_parameter_set_mark") == "fail_at_collect"


def test_no_file_of_tests_leaves_a_test_out() -> None:
    files = {*(ROOT / "tests").rglob("*.py"), *(ROOT / "xinmei").rglob("tests/**/*.py"), ROOT / "conftest.py"}
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sorted(files - {Path(__file__)})
        for match in LEFT_OUT.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_checks_install_every_extra_of_the_package() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = (ROOT / "requirements-dev.in").read_text(encoding="utf-8").splitlines()
    assert [line for lines in extras.values() for line in lines if line not in wanted] == []
