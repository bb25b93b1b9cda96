"""Executed instructions of one inference, counted exactly on the emulated core; `pytest -s` prints the table.

Counts are deterministic, so the bounds are tight. Instructions, not cycles.
"""

from __future__ import annotations

import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, find_compiler
from tinyverify.engines.emulator.count import count_instructions
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator

pytestmark = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")

# (policy, compiler, MVE) -> most instructions of (tv_forward, tv_infer), any input. Clang 22, GCC 12, -O3.
BOUNDS = {
    ("cartpole", "zig", True): (294, 388),
    ("acrobot", "zig", True): (375, 515),
    ("pendulum", "zig", True): (260, 338),
    ("cartpole", "zig", False): (3_600, 3_800),
    ("cartpole", "gcc", True): (359, 464),
    ("cartpole", "gcc", False): (3_350, 3_550),
    ("4-64-64-2", "zig", True): (998, 1_092),
}


@pytest.mark.parametrize(("name", "kind", "mve"), BOUNDS)
def test_instructions_of_one_inference(name, kind, mve, policies, tmp_path) -> None:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    policy = synthetic_policy((4, 64, 64, 2)) if name == "4-64-64-2" else policies[name]
    made = build(emit(policy, None, tmp_path / "firmware", unproved=True), compiler, mve=mve)
    counts = count_instructions(made.test, observations(policy, 200, 1)[0])
    row = " ".join(f"{c.name} {min(c.instructions)}..{c.worst}" for c in counts.values())
    print(f"\n{name} {kind} {'MVE' if mve else 'scalar'}: {row}")
    forward, whole = BOUNDS[name, kind, mve]
    assert counts["tv_forward"].worst <= forward
    assert counts["tv_infer"].worst <= whole
    if mve and kind == "zig":  # no branch depends on data: every input takes the same path
        assert all(c.paths == 1 for c in counts.values())
