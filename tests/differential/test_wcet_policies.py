"""The bound of whole inferences against executed runs: three policies, six ways to compile them."""

from __future__ import annotations

import numpy as np
import pytest

from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import find_emulator, write_cases
from tinyverify.engines.wcet.analyse import Analysis, analyse
from tinyverify.engines.wcet.trace import replay, trace
from tinyverify.obligations.linked import linked

pytestmark = pytest.mark.skipif(find_emulator() is None, reason="qemu-system-arm is not installed")
CONFIGURATIONS = [
    ("zig", True, "-O3"),
    ("zig", True, "-Os"),
    ("zig", False, "-O3"),
    ("gcc", True, "-O3"),
    ("gcc", False, "-O3"),
    ("gcc", False, "-Os"),
]


def worst_executed(firmware, policy, function, count, folder) -> tuple[int, Analysis]:
    """Cycles of the costliest of `count` runs of `function`, and its analysis; every run is replayed."""
    found = analyse(firmware, function)
    cases, _ = observations(policy, count, seed=11)
    write_cases(folder, cases, np.random.default_rng(5).integers(0, 1 << 32, count, dtype=np.uint32))
    seen = trace(firmware, function, folder)
    assert seen.calls == count
    return max(replay(found, path).cycles for path in seen.paths), found


@pytest.mark.parametrize("name", ["cartpole", "acrobot", "pendulum"])
@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda c: f"{c[0]}{'-mve' if c[1] else ''}{c[2]}")
def test_ten_thousand_inputs_stay_under_the_bound(policies, name, configuration, tmp_path):
    kind, mve, opt = configuration
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"no {kind} compiler")
    firmware = linked(policies[name], compiler, opt, mve)
    for function in ("tv_infer", "tv_sample"):
        folder = tmp_path / function
        folder.mkdir()
        worst, found = worst_executed(firmware.test, policies[name], function, 10_000, folder)
        assert worst <= found.cycles <= 1.02 * worst, function
