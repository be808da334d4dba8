"""The files by which others begin, check, report and deploy: they hold together, and name no host or machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
NAMING = [
    *(ROOT / name for name in ("SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "Containerfile", ".containerignore")),
    *(ROOT / name for name in (".pre-commit-config.yaml", ".github/workflows/ci.yml", "Makefile", ".ci/run")),
    *ROOT.glob("requirements*"),
    *FORMS,
]


@pytest.mark.parametrize("path", NAMING, ids=lambda path: path.name)
def test_no_package_registry_and_no_place_on_a_machine_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"index-url=|--index-url|find-links=|pypi\.|/simple\b|\bdocker\.io|\bquay\.io|\bghcr\.", text)
    assert not re.search(r"(?<![\w.])/(home|root|work|Users)/", text)


def test_what_runs_before_a_commit_comes_from_the_projects_own_environment() -> None:
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert {repo["repo"] for repo in repos} == {"local"}
    hooks = [hook for repo in repos for hook in repo["hooks"]]
    assert {hook["entry"].split()[0] for hook in hooks} == {
        f".venv/bin/{name}" for name in ("ruff", "mypy", "lint-imports")
    }


def test_the_workflow_runs_what_every_change_must_pass() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    assert any(step.get("run") == "bash .ci/run" for step in jobs["checks"]["steps"])
    assert len(jobs) == 1


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_each_form_asks_in_chinese_with_an_english_hint(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked)
    assert all(re.search(r"[一-鿿].*（[A-Z]", part["attributes"]["label"]) for part in asked)


def test_every_release_but_the_next_has_its_date() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] (20\d\d-\d\d-\d\d|未发布)", head) for head in heads)
    assert [head for head in heads[1:] if "未发布" in head] == []
    dates = [head.split()[1] for head in heads if "未发布" not in head]
    assert dates == sorted(dates, reverse=True)


def test_the_container_copies_only_what_its_context_lets_in() -> None:
    kept = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    words = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Containerfile").read_text(), re.MULTILINE)
    copied = {word for line in words for word in line.split()}
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)


def test_the_health_check_says_no_where_nobody_listens() -> None:
    done = subprocess.run([sys.executable, ROOT / "tools/healthcheck.py", "1"], check=False)
    assert done.returncode == 1
