"""How `prove` grows with hidden units: CPU seconds and memory from 64 to 1,024, and the fitted exponent.

Asserts ratios within one run, never seconds; `-s` prints the table for docs/benchmarks.md. Without the proofs about
the C: those of the kernels are kept from policy to policy, and Eva's run takes minutes at 1,024 units.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from tests.random_training import random_training
from tinyverify.prove import make_bundle
from tinyverify.quantize.quantize import quantize_file

WIDTHS = (64, 256, 1024)

# Runs `prove` in one process and prints its CPU seconds and peak resident set, children included.
MEASURE = """
import json, resource, sys
from tinyverify.obligations.obligation import Settings
from pathlib import Path
from tinyverify.prove import prove
if __name__ == "__main__":
    patterns = "[!kp]*", "kernel.object_code"  # no other kernel.*, and no policy.*, which is of `prove --all`
    reports = [prove(Path(sys.argv[1]), Settings(), only, jobs=1, record=False) for only in patterns]
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"cpu": children.ru_utime + children.ru_stime, "rss": children.ru_maxrss * 1024,
                      "open": [r.id for report in reports for r in report.obligations if not r.status.holds]}))
"""


@dataclass(frozen=True)
class Point:
    """One width: CPU seconds of all processes, peak bytes of one."""

    width: int
    cpu: float
    rss: int


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> list[Point]:
    root = tmp_path_factory.mktemp("growth")
    script = root / "measure.py"
    script.write_text(MEASURE)
    found = []
    for width in WIDTHS:
        folder = root / str(width)
        quantize_file(random_training(folder, width), folder / "policy.json")
        make_bundle(folder / "policy.json", folder / "bundle.json")
        command = [sys.executable, str(script), str(folder / "bundle.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=900, env=dict(os.environ))
        measured = json.loads(done.stdout)
        assert measured["open"] == [], "in int16 lanes 1,024 hidden units fit the budgets as well"
        found.append(Point(width, measured["cpu"], measured["rss"]))
    return found


def test_prove_grows_at_most_linearly_with_hidden_units(points, capsys):
    """The fitted exponent of CPU time over hidden units stays at or below one: fixed costs dominate at 64."""
    slope = float(np.polyfit(np.log([p.width for p in points]), np.log([p.cpu for p in points]), 1)[0])
    memory = float(np.polyfit(np.log([p.width for p in points]), np.log([p.rss for p in points]), 1)[0])
    with capsys.disabled():
        print()
        for p in points:
            print(f"  {p.width:5} hidden units: {p.cpu:6.1f} s CPU, {p.rss / 2**20:5.0f} MB")
        print(f"  fitted exponents: time {slope:.2f}, memory {memory:.2f}")
    assert slope <= 1.1
    assert memory <= 1.0
