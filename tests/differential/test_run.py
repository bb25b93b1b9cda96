"""Whole policies on the emulated core: 0 differences to the integer reference, in every build.

The shipped policies run on 100,000 observations each in the default build; other builds and odd shapes on fewer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.emit.firmware import emit
from tinyverify.emit.tables import flash_tables
from tinyverify.engines.emulator import compiler as compilers
from tinyverify.engines.emulator import run as runner
from tinyverify.engines.emulator.compare import compare, differences, expected_records
from tinyverify.engines.emulator.compiler import CompilerMissing, build, find_compiler, require_compiler
from tinyverify.engines.emulator.elf import map_faults, sizes
from tinyverify.engines.emulator.observations import KINDS, observations
from tinyverify.engines.emulator.run import INSTALL_QEMU, EmulatorError, EmulatorMissing, find_emulator, run
from tinyverify.semantics import float32
from tinyverify.semantics.requantize import RoundingMode

emulated = pytest.mark.skipif(find_emulator() is None, reason=f"no emulator: {INSTALL_QEMU}")
ENVIRONMENTS = ("cartpole", "acrobot", "pendulum")
BUILDS = [("zig", True), ("zig", False), ("gcc", True), ("gcc", False)]
SHAPES = [
    ((6, 64, 64, 3), True, RoundingMode.DOUBLE_TIES_AWAY, None),
    ((5, 21, 37, 2), False, RoundingMode.SINGLE_TIES_UP, None),
    ((3, 4, 5, 2), True, RoundingMode.DOUBLE_TIES_UP, -128),  # GCC 12 moved loads above narrowing stores here
    ((2, 1, 33), True, RoundingMode.DOUBLE_TIES_AWAY, -128),
    ((17, 9), True, RoundingMode.DOUBLE_TIES_UP, None),
    ((20, 17, 9, 16, 2), False, RoundingMode.DOUBLE_TIES_UP, 7),
    ((200, 130, 70, 3), True, RoundingMode.DOUBLE_TIES_UP, -128),  # rows too long for registers
]
INT16_SHAPES = [
    ((5, 23, 3), True, RoundingMode.DOUBLE_TIES_AWAY, None),
    ((3, 41, 2), False, RoundingMode.SINGLE_TIES_UP, 7),
    ((6, 64, 64, 3), True, RoundingMode.DOUBLE_TIES_UP, -128),
]


def _installed(kind):
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    return compiler


@emulated
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_difference_over_100_000_observations(environment, policies, tmp_path) -> None:
    policy = policies[environment]
    made = build(emit(policy, None, tmp_path / "firmware", unproved=True), require_compiler())
    comparison = compare(policy, made.test, n=100_000, seed=7)
    assert comparison.differing == 0, str(comparison)
    assert comparison.count == 100_000
    assert all(comparison.kinds[kind] > 2_000 for kind in KINDS)
    assert comparison.faults > 5_000
    assert 0 < comparison.stack_bytes <= 256


@emulated
@pytest.mark.parametrize(("kind", "mve"), BUILDS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_build_agrees(environment, kind, mve, policies, tmp_path) -> None:
    policy = policies[environment]
    firmware = emit(policy, None, tmp_path / "firmware", unproved=True)
    made = build(firmware, _installed(kind), mve=mve)
    comparison = compare(policy, made.test, n=3_000, seed=8)
    assert comparison.differing == 0, str(comparison)
    expected = {t.item.name: (t.item.offset, t.values.tobytes()) for t in flash_tables(policy, mve)}
    assert map_faults(made.product, expected) == []
    used = sizes(made.product)
    assert used["hal"] <= 0x2000 and used["policy"] + used["scales"] + used["lut"] + used["hal"] <= 0x10000


@emulated
@pytest.mark.parametrize(("kind", "mve"), [("zig", True), ("zig", False), ("gcc", True)])
@pytest.mark.parametrize(
    ("widths", "discrete", "rounding", "zero_point", "int16"),
    [(*shape, False) for shape in SHAPES] + [(*shape, True) for shape in INT16_SHAPES],
)
def test_odd_shapes_agree(widths, discrete, rounding, zero_point, int16, kind, mve, tmp_path) -> None:
    policy = synthetic_policy(widths, discrete, rounding, 3, zero_point, int16=int16)
    made = build(emit(policy, None, tmp_path / "firmware", unproved=True), _installed(kind), mve=mve)
    comparison = compare(policy, made.test, n=1_000, seed=9)
    assert comparison.differing == 0, str(comparison)


def test_build_is_reproducible_and_leaves_only_the_elf(policies, tmp_path) -> None:
    firmwares = [emit(policies["cartpole"], None, tmp_path / name / "fw", unproved=True) for name in ("one", "other")]
    before = {p for p in firmwares[0].rglob("*")}
    builds = [build(firmware, require_compiler()) for firmware in firmwares]
    assert builds[0].product.read_bytes() == builds[1].product.read_bytes()
    assert builds[0].test.read_bytes() == builds[1].test.read_bytes()
    assert {p.name for p in set(firmwares[0].rglob("*")) - before} == {"policy.elf", "policy-test.elf"}


@emulated
def test_a_changed_table_byte_is_noticed(policies, tmp_path) -> None:
    policy = policies["cartpole"]
    made = build(emit(policy, None, tmp_path / "firmware", unproved=True), require_compiler())
    data = bytearray(made.test.read_bytes())
    weights = next(t for t in flash_tables(policy, True) if t.item.name == "layer0.weight").values.tobytes()
    at = data.find(weights)
    assert at > 0 and data.count(weights) == 1
    data[at + 5] ^= 1
    made.test.write_bytes(data)
    with pytest.raises(EmulatorError, match="flash guard, table 00"):
        compare(policy, made.test, n=500)
    expected = {t.item.name: (t.item.offset, t.values.tobytes()) for t in flash_tables(policy, True)}
    assert any("layer0.weight" in fault for fault in map_faults(made.test, expected))


@emulated
def test_another_weight_is_noticed(policies, tmp_path) -> None:
    policy = policies["cartpole"]
    weight = policy.layers[0].weight.copy()
    weight[0, 1] ^= 1
    other = replace(policy, layers=(replace(policy.layers[0], weight=weight), *policy.layers[1:]))
    made = build(emit(other, None, tmp_path / "firmware", unproved=True), require_compiler())
    comparison = compare(policy, made.test, n=500)
    assert comparison.differing > 0 and comparison.first is not None
    assert "reference" in str(comparison) and "0x" in str(comparison)


@emulated
def test_observations_of_another_width_are_refused(policies, tmp_path) -> None:
    made = build(emit(policies["cartpole"], None, tmp_path / "firmware", unproved=True), require_compiler())
    with pytest.raises(EmulatorError, match="another width"):
        run(made.test, np.zeros((3, 5), np.uint32), discrete=True)
    with pytest.raises(EmulatorError, match="wrong kind of head"):
        run(made.test, np.zeros((3, 4), np.uint32), discrete=False)


@emulated
def test_exhausted_stack_is_caught_by_the_guard(policies, tmp_path) -> None:
    firmware = emit(policies["cartpole"], None, tmp_path / "firmware", unproved=True)
    harness = firmware / "test" / "tv_harness.c"
    text = harness.read_text()
    dig = (
        "static __attribute__((noinline)) uint32_t dig(uint32_t n)\n{\n    volatile uint32_t kept[16];\n\n"
        "    kept[n % 16u] = n;\n    return n == 0u ? 0u : dig(n - 1u) + kept[n % 16u];\n}\n\nint main(void)"
    )
    text = text.replace("int main(void)", dig).replace("header[2] = TV_OUTPUTS;", "header[2] = dig(500u);")
    harness.write_text(text)
    with pytest.raises(EmulatorError, match="CFSR 0010"):  # UFSR.STKOF: the limit register, not a bus fault
        run(build(firmware, require_compiler()).test, np.zeros((1, 4), np.uint32), discrete=True)


def test_comparison_names_the_first_case_that_differs(policies) -> None:
    policy = policies["pendulum"]
    cases, _ = observations(policy, 50, 1)
    states = np.arange(50, dtype=np.uint32)
    wanted = expected_records(policy, cases, states)
    got = wanted.copy()
    assert differences(wanted, got, cases, states) == (0, None)
    got["sampled"]["action"][30] ^= 1
    got["inferred"]["acc"][20, 1] += 1
    got["status"][40] = 1
    count, first = differences(wanted, got, cases, states)
    assert count == 3 and first is not None
    assert (first.index, first.field, first.state) == (20, "inferred.acc", 20)
    assert first.observation == tuple(int(v) for v in cases[20])


def test_observations_hold_every_kind_of_extreme(policies) -> None:
    policy = policies["acrobot"]
    cases, kind = observations(policy, 20_000, 0)
    bits = cases.astype(np.int64)
    assert set(kind) == set(range(len(KINDS)))
    assert float32.is_nan(bits).any() and float32.is_infinite(bits).any()
    assert (((bits & 0x7F800000) == 0) & ((bits & 0x7FFFFF) != 0)).any()  # subnormal
    products = float32.values_of(cases[kind == 2]).astype(np.float64) * policy.inv_scale
    assert (np.abs(products - np.floor(products) - 0.5) < 1e-3).mean() > 0.5


def test_missing_tools_are_named_with_their_install_command(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(runner.shutil, "which", lambda name: None)
    monkeypatch.setattr(compilers.importlib.util, "find_spec", lambda name: None)
    assert find_compiler() is None and find_emulator() is None
    with pytest.raises(CompilerMissing, match="pip install ziglang"):
        require_compiler()
    with pytest.raises(CompilerMissing, match="apt-get install gcc-arm-none-eabi"):
        require_compiler("gcc")
    with pytest.raises(EmulatorMissing, match="apt-get install qemu-system-arm"):
        run(tmp_path / "none.elf", np.zeros((1, 4), np.uint32), discrete=True)
