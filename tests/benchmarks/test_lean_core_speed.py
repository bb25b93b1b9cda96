"""Speed of the core and the engine, as ratios to a run of Lean on an empty file at the same time."""

from __future__ import annotations

import heapq
import resource
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tinyverify.engines.lean import build, build_core, check_file, find_lean
from tinyverify.engines.lean.modules import Module, read_modules
from tinyverify.engines.lean.paths import core_dir, library_dir
from tinyverify.engines.lean.process import run_lean
from tinyverify.engines.lean_bundle.render import IMPORTS

pytestmark = pytest.mark.skipif(not find_lean().hermetic, reason="an elan toolchain brings its own Init")

# In empty runs, of 0.05 processor seconds: how long two processors that do nothing else would take, each module taking
# what it took here, for the core (14 s, 280 runs) and for what a policy's file imports besides (24 s, 480 runs); and
# the processor time of both (41 s, 820 runs). A busy machine adds to the modules more than to the empty run.
CORE_RATIO = 450
COLD_START_RATIO = 700
PROCESSOR_RATIO = 1200
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


def two_cores(seconds: Mapping[str, float], modules: Mapping[str, Module]) -> float:
    """Seconds until two processors have compiled `modules`, if each takes what it took and nothing else runs."""
    ahead = build.work_ahead(modules)
    missing = {name: sum(i in modules for i in module.imports) for name, module in modules.items()}
    ready = [(-ahead[name], name) for name, count in missing.items() if count == 0]
    heapq.heapify(ready)
    running: list[tuple[float, str]] = []
    now = 0.0
    while ready or running:
        while ready and len(running) < 2:
            name = heapq.heappop(ready)[1]
            heapq.heappush(running, (now + seconds[name], name))
        now, finished = heapq.heappop(running)
        for name, module in modules.items():
            if finished in module.imports:
                missing[name] -= 1
                if missing[name] == 0:
                    heapq.heappush(ready, (-ahead[name], name))
    return now


def test_cold_start_and_warm_build(tmp_path: Path, empty_run: float, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds: dict[str, float] = {}

    def recorded(installation, arguments, **keywords):
        run = run_lean(installation, arguments, **keywords)
        seconds[arguments[-1].removesuffix(".lean").replace("/", ".")] = run.processor_seconds
        return run

    monkeypatch.setattr(build, "run_lean", recorded)
    build.build_library(tops=IMPORTS, cache=tmp_path)
    start = time.process_time()
    build_core(cache=tmp_path)
    warm = time.process_time() - start
    core, library = read_modules(core_dir(), build.CORE), read_modules(library_dir(), *IMPORTS)
    assert seconds.keys() == core.keys() | library.keys()
    core_length, library_length = two_cores(seconds, core), two_cores(seconds, library)
    assert core_length < CORE_RATIO * empty_run, (core_length, empty_run)
    assert core_length + library_length < COLD_START_RATIO * empty_run, (core_length, library_length, empty_run)
    assert sum(seconds.values()) < PROCESSOR_RATIO * empty_run, (sum(seconds.values()), empty_run)
    assert warm < WARM_BUILD_RATIO * empty_run, (warm, empty_run)
    assert warm < sum(seconds.values()) / 50


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
