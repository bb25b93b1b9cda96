"""`kernel.object_code` in Lean: recorded runs of linked firmware are theorems; what has no words is said."""

from __future__ import annotations

import pytest

from tests import lean_programs
from tests.synthetic_policies import synthetic_policy, with_rows
from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.compiler import find_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_object_code.engine import covers, discharge
from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Program, walk
from tinyverify.engines.lean_object_code.prove import THEOREM, render_object_code
from tinyverify.engines.lean_object_code.record import record
from tinyverify.obligations.linked import BuildChoice, linked
from tinyverify.obligations.object_code import object_code
from tinyverify.obligations.obligation import Settings
from tinyverify.results import Status
from tinyverify.semantics.policy import action_bits, infer
from tinyverify.semantics.requantize import RoundingMode

ENTRY = "tv_infer"
BUILDS = [("cartpole", "zig", "-Os"), ("acrobot", "gcc", "-O2"), ("acrobot", "gcc", "-Os"), ("pendulum", "gcc", "-O3")]
SCALAR_BUILDS = [("cartpole", "zig", "-O3"), ("acrobot", "gcc", "-O2"), ("pendulum", "gcc", "-Os")]
SHAPES = [
    ((4, 16, 2), True, RoundingMode.SINGLE_TIES_UP, -128),
    ((7, 33, 18, 4), True, RoundingMode.DOUBLE_TIES_UP, None),
    ((3, 21, 2), False, RoundingMode.DOUBLE_TIES_UP, None),
]
HEADS = [  # with an operation that the head must hold
    (4, "zig", "-Os", True, "max"),  # vector maxima that start from the least word
    (4, "gcc", "-O3", True, "mul"),  # weights and probabilities that are kept several to a word
    (8, "zig", "-O3", True, "min"),  # indices of lanes, and a table that not all of is reached
    (16, "gcc", "-O2", False, "ite"),  # a scan with branches, without MVE
    (9, "gcc", "-O2", True, "floor"),  # vector comparisons, lane by lane out of a predicate's word
]


def recorded(policy, kind=None, opt="-O3", mve=True) -> Program:
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind or 'no compiler'} is not installed")
    return record(policy, linked(policy, compiler, opt, mve).holding(ENTRY))


@pytest.mark.parametrize(("environment", "kind", "opt"), [("pendulum", None, "-O3"), ("cartpole", "gcc", "-O2")])
def test_the_obligation_names_the_theorem(environment, kind, opt, policies) -> None:
    if find_compiler(kind) is None:
        pytest.skip(f"{kind or 'no compiler'} is not installed")
    policy = policies[environment]
    result = object_code(policy, Settings(build=BuildChoice(kind, opt)))
    assert result.status is Status.PROVED, result.detail
    (run,) = [run for run in result.engines if run.engine.startswith("lean")]
    assert run.status is Status.PROVED
    assert THEOREM in run.detail
    assert (kind or "zig") in result.evidence["compiler"].lower() and opt in result.evidence["compiler"]
    assert result.evidence["lean"]["covers"] == covers(policy)


@pytest.mark.parametrize(("environment", "kind", "opt"), BUILDS)
def test_other_builds(environment, kind, opt, policies) -> None:
    policy = policies[environment]
    checked = check_file(render_object_code(policy, recorded(policy, kind, opt)), theorems=[THEOREM])
    assert checked.accepted, checked.messages


@pytest.mark.parametrize(("environment", "kind", "opt"), SCALAR_BUILDS)
def test_builds_without_mve(environment, kind, opt, policies) -> None:
    policy = policies[environment]
    program = recorded(policy, kind, opt, mve=False)
    assert {border[0] for border in program.borders} == {"scalar"}
    assert_says_what_the_reference_says(policy, program, 50)
    checked = check_file(render_object_code(policy, program), theorems=[THEOREM])
    assert checked.accepted, checked.messages


@pytest.mark.parametrize(("widths", "kind", "opt"), [((1, 4, 2), "zig", "-O3"), ((9, 5, 3), "gcc", "-O2")])
def test_few_and_many_features_without_mve(widths, kind, opt) -> None:
    """Bytes that are moved to their place with a sign; choices by nine comparisons."""
    policy = synthetic_policy(widths, hidden_zero_point=-128)
    program = recorded(policy, kind, opt, mve=False)
    assert_says_what_the_reference_says(policy, program, 50)
    checked = check_file(render_object_code(policy, program), theorems=[THEOREM])
    assert checked.accepted, checked.messages


@pytest.mark.parametrize(("widths", "discrete", "rounding", "zero_point"), SHAPES)
def test_other_shapes(widths, discrete, rounding, zero_point) -> None:
    policy = synthetic_policy(widths, discrete, rounding, hidden_zero_point=zero_point)
    checked = check_file(render_object_code(policy, recorded(policy)), theorems=[THEOREM])
    assert checked.accepted, checked.messages


@pytest.mark.parametrize(("actions", "kind", "opt", "mve", "operation"), HEADS)
def test_heads_of_many_actions(actions, kind, opt, mve, operation) -> None:
    policy = synthetic_policy((4, 8, actions))
    program = recorded(policy, kind, opt, mve)
    d = program.distribution
    words = (*program.action.steps, *d.largest.steps, *d.weights, *d.probabilities)
    assert any(part[0] == operation for e in words for part in walk(e))
    assert_says_what_the_reference_says(policy, program, 100)
    checked = check_file(render_object_code(policy, program), theorems=[THEOREM])
    assert checked.accepted, checked.messages


FOLDED = {1: [0] * 4, 6: [0] * 4, 5: [0, 0, -77, 0]}  # two constants, and a sum of one value
ODD = [
    (with_rows(synthetic_policy((4, 8, 3)), 0, FOLDED, {2: 3}), None),
    (with_rows(synthetic_policy((4, 8, 5, 2), hidden_zero_point=None), 1, {4: [0] * 8}, {2: 3, 1: 3}), "gcc"),
    (with_rows(synthetic_policy((4, 8, 2)), 1, {1: [0] * 7 + [5]}), "gcc"),
    (synthetic_policy((1, 1, 2), discrete=False), None),
]


@pytest.mark.parametrize(("policy", "kind"), ODD, ids=["folded", "two layers", "one weight", "one value"])
def test_units_that_are_constants_or_alike_and_sums_of_one_value(policy, kind) -> None:
    program = recorded(policy, kind)
    assert_says_what_the_reference_says(policy, program, 100)
    checked = check_file(render_object_code(policy, program), theorems=[THEOREM])
    assert checked.accepted, checked.messages


@pytest.mark.parametrize("environment", ["acrobot", "pendulum"])
def test_a_program_says_what_the_reference_says(environment, policies) -> None:
    policy = policies[environment]
    assert_says_what_the_reference_says(policy, recorded(policy), 400)


def assert_says_what_the_reference_says(policy: Policy, program: Program, count: int) -> None:
    cases, _ = observations(policy, count, 7)
    wanted = infer(policy, cases)
    floats = [[]] * len(cases) if policy.discrete else action_bits(policy, wanted.action)[:, None].tolist()
    shares = [
        value.tolist() if policy.discrete else [[]] * len(cases) for value in (wanted.weights, wanted.probabilities)
    ]
    outputs = (wanted.acc.tolist(), wanted.logit_bits.tolist(), wanted.action.tolist(), floats, *shares)
    for bits, faults, *expected in zip(cases.tolist(), wanted.faults, *outputs, strict=True):
        assert lean_programs.run(program, bits) == tuple(expected)
        assert lean_programs.flags(program.faults, bits) == lean_programs.flags(program.returned, bits) == faults


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (synthetic_policy((4, 8, 2), True, RoundingMode.DOUBLE_TIES_AWAY), "a sum of"),
        (with_rows(synthetic_policy((4, 8, 2)), 1, {1: [0] * 8}), "a float that is not an integer's float"),
        (with_rows(synthetic_policy((4, 8, 3)), 1, {}, {2: 0}), "two accumulators with the same rows"),
    ],
    ids=["ties away", "no weights", "alike"],
)
def test_what_has_no_words_is_said(policy, reason) -> None:
    firmware = linked(policy).holding(ENTRY)
    with pytest.raises(NotExpressible, match=reason):
        record(policy, firmware)
    verdict = discharge(policy, firmware, 60.0)
    assert verdict.run is None
    assert reason in verdict.evidence["not_stated"]
