"""How tight the bound is: cycles of the bound over those of the costliest executed run, under the same model.

A run is executed on the emulated core, replayed through the graph of its bound and priced with the same table; `pytest
-s` prints the table of docs/benchmarks.md. 1.02 for each kernel, 1.05 for the whole inference. Ratios and counts: both
are the same on every machine. That no run exceeds its bound, tests/differential/test_wcet_policies.py shows for 10,000
inputs each.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, find_compiler, require_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator, write_cases
from tinyverify.engines.wcet.analyse import analyse
from tinyverify.engines.wcet.report import REST, SAMPLING, operation_of
from tinyverify.engines.wcet.trace import Replay, replay, trace
from tinyverify.obligations.linked import Linked, linked
from tinyverify.obligations.wcet import bound_inference

KERNEL, INFERENCE = 1.02, 1.05
INPUTS = 300
SHAPES = {"4-64-64-2": (4, 64, 64, 2), "64-64-64-4": (64, 64, 64, 4)}
BUILDS = [("zig", True), ("zig", False), ("gcc", True)]


def operation_in_test(firmware: Linked, address: int) -> str:
    """The operation of `address` in the emulator's program: the product holds the same functions elsewhere."""
    home = next(s for s in firmware.test.functions.values() if s.address <= address < s.end)
    moved = firmware.product.function(home.name).address + address - home.address
    return operation_of(firmware.product, firmware.lines, moved)


def executed_runs(firmware: Linked, function: str, folder: Path) -> list[Replay]:
    """The different runs of `function` on the emulated core, priced; none exceeds its bound."""
    found = analyse(firmware.test, function)
    runs = [replay(found, path) for path in trace(firmware.test, function, folder).paths]
    assert max(run.cycles for run in runs) <= found.cycles
    return runs


@pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")
@pytest.mark.parametrize(("kind", "mve"), BUILDS, ids=lambda v: v if isinstance(v, str) else "mve" if v else "scalar")
@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum", *SHAPES])
def test_bound_over_executed(policies, name, kind, mve, tmp_path):
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    policy = synthetic_policy(SHAPES[name]) if name in SHAPES else policies[name]
    firmware = linked(policy, compiler, "-O3", mve)
    found = bound_inference(firmware)
    assert found.told_apart
    write_cases(tmp_path, observations(policy, INPUTS, seed=3)[0], np.arange(1, INPUTS + 1, dtype=np.uint32) << 16)
    infers, samples = (executed_runs(firmware, function, tmp_path) for function in ("tv_infer", "tv_sample"))
    executed = dict.fromkeys((row.operation for row in found.rows), 0)
    executed[SAMPLING] = max(run.cycles for run in samples)
    for run in infers:
        spent: Counter[str] = Counter()
        for address, cycles in run.spent.items():
            spent[operation_in_test(firmware, address)] += cycles
        executed |= {operation: max(cycles, executed[operation]) for operation, cycles in spent.items()}
    executed["total"] = max(run.cycles for run in infers) + executed[SAMPLING]
    for row in found.rows:
        if row.cycles and row.operation != REST:
            print(f"{name} {kind} {mve} {row.operation}: {row.cycles} / {executed[row.operation]}")
            most = INFERENCE if row.operation == "total" else KERNEL
            assert executed[row.operation] <= row.cycles <= most * executed[row.operation], row.operation


@pytest.mark.parametrize("mve", [True, False])
def test_analysis_costs_less_than_the_build(mve, tmp_path):
    """Processor time of bounding the largest firmware over that of compiling it, in one run."""
    policy, compiler = synthetic_policy(SHAPES["64-64-64-4"]), require_compiler()
    firmware = linked(policy, compiler, "-O3", mve)
    bound_inference(firmware)  # imports
    start = time.process_time()
    bound_inference(firmware)
    analysis = time.process_time() - start
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    build(emit(policy, None, tmp_path / "firmware", unproved=True), compiler, mve=mve)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    compiling = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"analysis {analysis:.2f} s, compiling {compiling:.2f} s of processor time")
    assert analysis < compiling
