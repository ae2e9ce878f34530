"""The example programs and the benchmark run, as their users run them."""
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAMS = {
    "examples/python/quickstart.py": [],
    "examples/python/custom_agent.py": [],
    "examples/python/custom_policy.py": ["--episodes", "4"],
    "examples/python/train.py": ["--budget", "0.005", "--horizon", "30s"],
    "tests/bench/bench_python.py": [],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_runs_and_says_something(program, tmp_path):
    done = subprocess.run([sys.executable, ROOT / program, *PROGRAMS[program]], cwd=tmp_path, capture_output=True,
                          text=True, env={**os.environ, "PAB_BENCH_ONCE": "1"}, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout and list(tmp_path.iterdir()) == []
