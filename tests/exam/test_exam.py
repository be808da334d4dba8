"""A small made town lives its year by the command line; every answer is the oracle's. More towns: `python -m tests.exam.run_exam --seeds 1-50`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("seed", [6])
def test_the_program_and_the_oracle_agree_on_a_town(seed: int) -> None:
    command = [sys.executable, "-m", "tests.exam.run_exam", "--seeds", str(seed), "--brief"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
