"""Speed of the core and the engine, as ratios to a run of Lean on an empty file at the same time."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from tinyverify.engines.lean import build_core, check_file, find_lean
from tinyverify.engines.lean.process import run_lean

pytestmark = pytest.mark.skipif(not find_lean().hermetic, reason="an elan toolchain brings its own Init")

# A cold build on an idle machine with two cores: 22 s of wall time.
COLD_BUILD_RATIO = 700
# Loading the finished core verifies the hash of every file; 0.03 s, a third of an empty run.
WARM_BUILD_RATIO = 3
# A sum of 32 bounded variables: 1.1 s.
OMEGA_RATIO = 60
# Four times the rows, at most this much more kernel time (linear would be 4).
GROWTH = 8


def processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.fixture(scope="module")
def empty_run(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Processor seconds of Lean on a file without declarations or imports; the best of three."""
    path = tmp_path_factory.mktemp("empty") / "Empty.lean"
    path.write_text("prelude\n")
    seconds = []
    for _ in range(3):
        before = processor_seconds()
        assert run_lean(find_lean(), [str(path)]).returncode == 0
        seconds.append(processor_seconds() - before)
    return min(seconds)


def test_cold_and_warm_build(tmp_path: Path, empty_run: float) -> None:
    before = processor_seconds()
    build_core(cache=tmp_path)
    cold = processor_seconds() - before
    start = time.process_time()
    build_core(cache=tmp_path)
    warm = time.process_time() - start
    assert cold < COLD_BUILD_RATIO * empty_run, (cold, empty_run)
    assert warm < WARM_BUILD_RATIO * empty_run, (warm, empty_run)
    assert warm < cold / 50


def test_omega_on_thirty_two_variables(empty_run: float) -> None:
    names = [f"x{i}" for i in range(32)]
    bounds = " ".join(f"(_{n} : {n} ≤ 127)" for n in names)
    goal = f"theorem t ({' '.join(names)} : Int) {bounds} : {' + '.join(names)} ≤ {127 * 32} := by omega\n"
    source = "set_option maxRecDepth 4000\n" + goal
    build_core()
    before = processor_seconds()
    result = check_file(source, theorems=["t"])
    assert result.accepted, result.errors
    assert processor_seconds() - before < OMEGA_RATIO * empty_run


def test_kernel_time_grows_linearly() -> None:
    def seconds(rows: int) -> float:
        weights = ", ".join(hex(int.from_bytes(bytes([17, 91, 200, 3] * 16), "big") + i) for i in range(rows))
        source = (
            "set_option maxRecDepth 100000\n"
            "def all (p : Nat → Bool) : List Nat → Bool\n  | [] => true\n  | a :: as => p a && all p as\n"
            f"def rows : List Nat := [{weights}]\n"
            "theorem bounded : all (fun w => Nat.ble (w % 65535) 65535) rows = true := by decide +kernel\n"
        )
        result = check_file(source, theorems=["bounded"])
        assert result.accepted, result.errors
        return result.seconds

    few, many = min(seconds(200) for _ in range(2)), min(seconds(800) for _ in range(2))
    assert many < GROWTH * few
