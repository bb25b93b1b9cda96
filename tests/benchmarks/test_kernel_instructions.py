"""Executed instructions of one inference, counted exactly on the emulated core; `pytest -s` prints the table.

Counts are deterministic, so the bounds are tight. Instructions, not cycles: these are printed beside them, estimated
by LLVM's scheduling model of the core (test_wcet_llvm_mca.py says what it leaves out), where llvm-mca is installed.
PUBLISHED are other libraries' kernels on the same shapes, counted once in the same way; they are no part of this run.
"""

from __future__ import annotations

import shutil

import pytest

from tests.differential.test_wcet_llvm_mca import MCA, estimated_cycles
from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.policy import Policy
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, find_compiler
from tinyverify.engines.emulator.count import Counts, count_instructions
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import INSTALL_QEMU, find_emulator
from tinyverify.obligations.linked import linked
from tinyverify.obligations.object_code import object_code_of
from tinyverify.obligations.obligation import Settings

pytestmark = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")

# (policy, compiler, MVE) -> most instructions of (tv_forward, tv_infer), any input. Clang 22, GCC 12, -O3.
BOUNDS = {
    ("cartpole", "zig", True): (174, 268),
    ("acrobot", "zig", True): (223, 363),
    ("pendulum", "zig", True): (146, 224),
    ("cartpole", "zig", False): (3_600, 3_800),
    ("cartpole", "gcc", True): (194, 299),
    ("cartpole", "gcc", False): (3_350, 3_550),
}
# Instructions of the layers alone, -O3, as published or counted in those libraries.
PUBLISHED = {
    "4-64-2": {"CMSIS-NN, MVE, clang": 1289, "CMSIS-NN, MVE, gcc": 1814, "TFLM reference": 4080, "emlearn": 3560},
    "6-64-3": {"CMSIS-NN, MVE, clang": 1339, "CMSIS-NN, MVE, gcc": 1914, "TFLM reference": 4780, "emlearn": 4536},
    "64->64": {"CMSIS-NN, MVE, clang": 1525, "CMSIS-NN, MVE, gcc": 2910, "TFLM reference": 19_700, "emlearn": 6343},
}
# 64 inputs, 64 outputs: five loads for every four vectors of 16 products keep the load unit busy for 620 cycles.
LAYER_INSTRUCTIONS, LAYER_CYCLES, LOAD_UNIT_CYCLES = 704, 775, 620
STACK = 256


def _counted(policy: Policy, kind: str, mve: bool, folder) -> dict[str, Counts]:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    made = build(emit(policy, None, folder / "firmware", unproved=True), compiler, mve=mve)
    return count_instructions(made.test, observations(policy, 200, 1)[0])


def _shape(policy: Policy) -> str:
    return "-".join(str(layer.weight.shape[1]) for layer in policy.layers) + f"-{policy.outputs}"


def _estimate(policy: Policy) -> int | None:
    """Estimated cycles of `tv_forward`; None without llvm-mca."""
    if shutil.which(MCA) is None:
        return None
    return estimated_cycles(linked(policy).holding("tv_forward"), "tv_forward")[0]


@pytest.mark.parametrize(("name", "kind", "mve"), BOUNDS)
def test_instructions_of_one_inference(name, kind, mve, policies, tmp_path) -> None:
    policy = policies[name]
    counts = _counted(policy, kind, mve, tmp_path)
    row = " ".join(f"{c.name} {min(c.instructions)}..{c.worst}" for c in counts.values())
    print(f"\n{name} {kind} {'MVE' if mve else 'scalar'}: {row}")
    if mve and kind == "zig":
        print(f"  estimated cycles of tv_forward: {_estimate(policy)}; published: {PUBLISHED.get(_shape(policy))}")
    forward, whole = BOUNDS[name, kind, mve]
    assert counts["tv_forward"].worst <= forward
    assert counts["tv_infer"].worst <= whole
    if mve and kind == "zig":  # no branch depends on data: every input takes the same path
        assert all(c.paths == 1 for c in counts.values())


def test_a_layer_of_64_by_64(tmp_path) -> None:
    """What a second hidden layer adds to a network: instructions, estimated cycles, and the stack of the whole."""
    with_it, without = synthetic_policy((4, 64, 64, 2), int16=True), synthetic_policy((4, 64, 2), int16=True)
    deep = _counted(with_it, "zig", True, tmp_path / "deep")
    flat = _counted(without, "zig", True, tmp_path / "flat")
    instructions = deep["tv_forward"].worst - flat["tv_forward"].worst
    estimates = _estimate(with_it), _estimate(without)
    print(
        f"\n4-64-64-2: {deep['tv_forward'].worst}, tv_infer {deep['tv_infer'].worst}; its layer 64->64: {instructions}"
    )
    print(f"  estimated cycles, llvm-mca: {estimates}; published: {PUBLISHED['64->64']}")
    assert instructions <= LAYER_INSTRUCTIONS
    if None not in estimates:
        assert LOAD_UNIT_CYCLES * 0.9 < estimates[0] - estimates[1] <= LAYER_CYCLES
    proof = object_code_of(with_it, linked(with_it).holding("tv_infer"), Settings(lean=False))
    assert proof.evidence["stack_bytes"] <= STACK
