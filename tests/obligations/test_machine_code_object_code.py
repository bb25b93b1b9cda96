"""`kernel.object_code` on shipped policies and odd shapes, both compilers, three levels, and what it ties together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.binary.stack import StackAnalysis
from tinyverify.emit.firmware import FLASH_BASE, emit
from tinyverify.engines.emulator.compiler import Compiler, build, find_compiler
from tinyverify.engines.emulator.count import count_instructions
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.emulator.run import find_emulator
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.linear import Value
from tinyverify.engines.machine_code.machine import opaque_word
from tinyverify.engines.machine_code.reference import reference
from tinyverify.engines.machine_code.terms import Terms
from tinyverify.engines.wcet.analyse import analyse
from tinyverify.obligations.linked import linked
from tinyverify.obligations.object_code import lemmas, object_code, object_code_of, with_lemmas
from tinyverify.obligations.obligation import Settings
from tinyverify.results import Result, Status
from tinyverify.semantics.policy import action_bits, infer
from tinyverify.semantics.requantize import RoundingMode

PATIENT = Settings(timeout=300.0)  # the solvers share the machine with other tests
ENVIRONMENTS = ("cartpole", "acrobot", "pendulum")
BUILDS = [(kind, opt) for kind in ("zig", "gcc") for opt in ("-O2", "-O3", "-Os")]
SHAPES = [
    ((64, 64, 3), True, RoundingMode.DOUBLE_TIES_UP, -128),
    ((5, 20, 12), True, RoundingMode.SINGLE_TIES_UP, None),
    ((7, 33, 18, 4), True, RoundingMode.DOUBLE_TIES_AWAY, None),
    ((3, 21, 2), False, RoundingMode.DOUBLE_TIES_UP, None),
]
INT16_SHAPES = [
    ((5, 20, 3), True, RoundingMode.DOUBLE_TIES_AWAY, None),
    ((3, 41, 18, 2), True, RoundingMode.SINGLE_TIES_UP, None),
]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_proved_for_the_default_build(environment, policies) -> None:
    result = object_code(policies[environment], PATIENT)
    assert result.status is Status.PROVED, result.detail
    assert result.evidence["instructions_executed"][0] == result.evidence["instructions_executed"][1]
    assert result.evidence["stack_bytes"] <= 256


@pytest.mark.parametrize(("kind", "opt"), BUILDS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_proved_for_other_builds(environment, kind, opt, policies, tmp_path) -> None:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    assert_proved_and_counted(policies[environment], compiler, opt, tmp_path)


def assert_proved_and_counted(policy: Policy, compiler: Compiler, opt: str, folder: Path) -> None:
    """Also that what the run counts is what other obligations and the emulated core count."""
    made = build(emit(policy, None, folder / "firmware", unproved=True), compiler, opt)
    firmware = read_elf(made.test)
    result = object_code_of(policy, firmware, PATIENT)
    assert result.status is Status.PROVED, result.detail
    assert_ties_the_other_obligations(policy, firmware, result)
    if find_emulator() is not None:
        cases, _ = observations(policy, 200, 1)
        counted = count_instructions(made.test, cases)["tv_infer"].instructions
        fewest, most = result.evidence["instructions_executed"]
        assert fewest <= min(counted) and max(counted) <= most
        if not result.evidence["branches_on_data"]:
            assert set(counted) == {fewest}


def test_a_return_that_pops_pc_alone(tmp_path) -> None:
    compiler = find_compiler("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    assert_proved_and_counted(synthetic_policy((4, 4, 2)), compiler, "-O2", tmp_path)


@pytest.mark.parametrize(("kind", "opt"), [("zig", "-O3"), ("zig", "-Os"), ("gcc", "-O2")])
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_proved_for_the_scalar_kernels(environment, kind, opt, policies) -> None:
    """The build without MVE: floats are compared and selected, and roundings written in 64-bit steps."""
    if find_compiler(kind) is None:
        pytest.skip(f"{kind} is not installed")
    policy = policies[environment]
    result = object_code_of(policy, linked(policy, find_compiler(kind), opt, mve=False).holding("tv_infer"), PATIENT)
    assert result.status is Status.PROVED, result.detail
    assert result.evidence["outputs_by_tabulation"] > 0


def assert_ties_the_other_obligations(policy: Policy, firmware: Firmware, result: Result) -> None:
    """`stack.*`: the same depth. `layout.*`: the tables that are read are planned ones. `wcet.*`: the worst path runs
    every instruction as often as the symbolic run does, or, where there are branches on data, no more often."""
    assert result.evidence["stack_bytes"] == StackAnalysis(firmware).depth(firmware.function("tv_infer").address).total
    planned = {"tv_" + item.name.replace(".", "_"): item for item in policy.layout.objects}
    assert set(result.evidence["constant_objects_read"]) <= planned.keys()
    for symbol in firmware.symbols:
        if symbol.name in result.evidence["constant_objects_read"]:
            assert symbol.address == FLASH_BASE + planned[symbol.name].offset
    worst, analysis = Counter(), analyse(firmware, "tv_infer")
    for (block, _), times in analysis.flow.items():
        worst.update({i.address: round(times) for i in analysis.graph.blocks[block].instructions})
    run = Counter({int(at, 16): times for at, times in result.evidence["executed"].items()})
    fewest, most = result.evidence["instructions_executed"]
    if result.evidence["branches_on_data"]:
        assert worst <= run and fewest <= worst.total() <= most
    else:
        assert worst == run and run.total() == fewest == most


@pytest.mark.parametrize(
    ("widths", "discrete", "rounding", "zero_point", "int16"),
    [(*shape, False) for shape in SHAPES] + [(*shape, True) for shape in INT16_SHAPES],
)
def test_proved_for_other_shapes_and_roundings(widths, discrete, rounding, zero_point, int16, tmp_path) -> None:
    policy = synthetic_policy(widths, discrete, rounding, hidden_zero_point=zero_point, int16=int16)
    made = build(emit(policy, None, tmp_path / "firmware", unproved=True), find_compiler("zig"))
    result = object_code_of(policy, read_elf(made.product), PATIENT)
    assert result.status is Status.PROVED, result.detail


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_reference_terms_are_the_reference(environment, policies) -> None:
    """The terms that the machine code is compared with, evaluated, against the integer reference."""
    policy = policies[environment]
    cases, _ = observations(policy, 20_000, 9)
    terms = Terms()
    observation: list[Value] = [opaque_word(terms, "observation", i) for i in range(policy.obs_dim)]
    wanted = reference(terms, policy, observation)
    signed = cases.astype(np.uint32).view(np.int32).astype(np.int64)
    evaluation = Evaluation(terms, len(cases), lambda name, index: signed[:, index])
    inference = infer(policy, cases)
    expected = {"faults": inference.faults}
    for i in range(policy.outputs):
        expected[f"acc[{i}]"] = inference.acc[:, i]
        expected[f"logits[{i}]"] = inference.logit_bits[:, i]
        if policy.discrete:
            expected[f"probability[{i}]"] = inference.probabilities[:, i]
            expected[f"weight[{i}]"] = inference.weights[:, i]
    expected["action"] = inference.action if policy.discrete else action_bits(policy, inference.action)
    assert {output.name for output in wanted.outputs} == set(expected)
    for output in wanted.outputs:
        got = evaluation.value(output.value) & 0xFFFFFFFF
        assert np.array_equal(got, np.asarray(expected[output.name], np.int64) & 0xFFFFFFFF), output.name


def test_the_proof_is_never_stronger_than_the_lemmas_of_its_reference(policies):
    """A lemma that is open, or refuted, takes PROVED away; it never refutes the machine code."""
    policy = policies["cartpole"]
    proved = Result(id="kernel.object_code", statement="", status=Status.PROVED)
    for lemma, expected in (
        (Status.PROVED, Status.PROVED),
        (Status.TIMEOUT, Status.TIMEOUT),
        (Status.UNCHECKED, Status.UNCHECKED),
        (Status.REFUTED, Status.UNKNOWN),
    ):
        shown = [Result(id="quantize_f32.vector_form", statement="", status=lemma)]
        assert with_lemmas(proved, shown).status is expected
    needed = [lemma.id for lemma in lemmas(policy, PATIENT)]
    assert needed == ["quantize_f32.vector_form"]
    away = replace(policy, rounding=RoundingMode.DOUBLE_TIES_AWAY)
    assert [r.status for r in lemmas(away, PATIENT)] == [Status.PROVED, Status.PROVED]
