"""A built package brings the law and the model along: it works where no checkout is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "tests", "*.so")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as `build_py` makes it of a copy of this checkout, without the C engines."""
    checkout, built = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("built")
    for name in ("rules", "xinmei"):
        shutil.copytree(ROOT / name, checkout / name, ignore=LEFT_BEHIND)
    for name in ("setup.py", "pyproject.toml", "requirements.in", "README.md"):
        shutil.copy(ROOT / name, checkout / name)
    subprocess.run(
        [sys.executable, "setup.py", "-q", "build_py", "--build-lib", str(built)],
        cwd=checkout,
        check=True,
        capture_output=True,
    )
    return built


def test_a_built_package_holds_every_file_of_the_rules_and_of_the_rooms(package):
    def files(folder: Path) -> set[str]:
        found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        return {
            name for name in found if "__pycache__" not in name and "/tests/" not in name and not name.endswith(".so")
        }

    assert files(package / "xinmei" / "rules") == files(ROOT / "rules")
    assert files(ROOT / "xinmei") - files(package / "xinmei") == set()


def test_a_built_package_screens_and_tells_terms_outside_the_checkout(package, tmp_path):
    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("XINMEI_")} | {
            "PYTHONPATH": str(package)
        }
        command = [sys.executable, "-m", "xinmei", *words]
        return subprocess.run(
            command, input=given, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    screened = run("screen", "--json", given="市人民攻府召开会议")
    assert (screened.returncode, "政府" in screened.stdout) == (1, True), screened.stderr
    assert "提示：没有找到错别字模型" not in screened.stderr
    due = run("due", "reply", "--from", "2026-05-12T10:00", "--json")
    assert "2026-05-13T10:00:00+08:00" in due.stdout, due.stderr
