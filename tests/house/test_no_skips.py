"""No test of the suite is left out in silence: what would be skipped fails and says what to install."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Each way to leave a test out.
LEFT_OUT = re.compile(
    r"pytest\.skip\b|mark\.skip|importorskip|mark\.xfail|pytest\.xfail|unittest\.skip|SkipTest|collect_ignore"
)


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """One file of tests, run with the plugin alone."""
    (folder / "test_one.py").write_text(text, encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "tests.no_skips", "-p", "no:randomly", "-p", "no:django"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*words, "-p", "no:cacheprovider", "test_one.py"], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "text",
    [
        "import pytest\n\ndef test_it():\n    pytest.skip('no compiler')\n",
        "import pytest\n\n@pytest.mark.skip(reason='no compiler')\ndef test_it():\n    pass\n",
        "import pytest\n\n@pytest.mark.skipif(True, reason='no compiler')\ndef test_it():\n    pass\n",
        "import pytest\n\n@pytest.fixture\ndef it():\n    pytest.skip('no compiler')\n\ndef test_it(it):\n    pass\n",
        "import pytest\n\npytest.skip('no compiler', allow_module_level=True)\n",
        "import pytest\n\npytest.importorskip('no_such_module', reason='no compiler')\n\ndef test_it():\n    pass\n",
        "import pytest\n\n@pytest.mark.xfail(reason='no compiler')\ndef test_it():\n    assert False\n",
        "from unittest import *\n\n@skip('no compiler')\nclass T(TestCase):\n    def test(self):\n        pass\n",
    ],
)
def test_a_test_that_would_be_skipped_fails_with_the_reason(tmp_path: Path, text: str) -> None:
    done = run(tmp_path, text)
    assert done.returncode not in (0, 5), done.stdout
    assert "No test is skipped" in done.stdout
    assert "no compiler" in done.stdout
    assert "skipped" not in done.stdout.splitlines()[-1]


def test_a_test_that_passes_still_passes(tmp_path: Path) -> None:
    done = run(tmp_path, "def test_it():\n    pass\n")
    assert done.returncode == 0, done.stdout + done.stderr


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
