"""A small made town lives its year by the command line; every answer is the oracle's.

Spoilt bundles are refused row by row.

More: `python -m tests.exam.run_exam --seeds 1-50`, `python -m tests.exam.dirty`, `python -m tests.exam.cohort`,
`python -m tests.exam.killed`, `python -m tests.exam.feeds`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("seed", [6])
def test_the_program_and_the_oracle_agree_on_a_town(seed: int) -> None:
    run("tests.exam.run_exam", "--seeds", str(seed), "--brief")


def test_what_is_spoilt_is_refused_with_its_place_and_nothing_else_is() -> None:
    run("tests.exam.dirty", "--bundles", "4", "--few")


def test_bare_cohorts_score_as_the_oracle_says_under_any_combination_of_readings() -> None:
    run("tests.exam.cohort", "--count", "300")


def test_mutated_feeds_make_nobody_silent_and_leave_no_nonsense() -> None:
    run("tests.exam.feeds", "--feeds", "150", "--first", "20000")


def run(module: str, *words: str) -> None:
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
