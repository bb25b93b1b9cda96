"""Recorded runs with a fault, policies with a number changed, ELFs with a bit flipped: Lean refuses each.

Every operation of a value's expression is changed in turn. A change that Python's evaluation tells from the original
must be refused; the kernel shows that the checker says false to all of them, in one file.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from tests import lean_programs
from tests.lean_program_changes import (
    SAMPLES,
    changes,
    differing,
    differing_selections,
    layer_text,
    orders,
    refused,
    selection_text,
)
from tests.planted_faults.faults import Fault, faulty
from tests.synthetic_policies import synthetic_policy, with_rows
from tinyverify.artifacts.policy import Policy
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, find_compiler, require_compiler
from tinyverify.engines.lean_object_code.engine import discharge, judge
from tinyverify.engines.lean_object_code.program import Program, text, walk
from tinyverify.engines.lean_object_code.prove import prove_object_code, render_object_code
from tinyverify.engines.lean_object_code.record import record
from tinyverify.obligations.linked import linked
from tinyverify.results import Status

# parts of it by themselves: the rest takes most of the time
FLAGS_CHECK = "fun flags : Flags => flags.ok policy.input.length"
DISTRIBUTION_CHECK = (
    "fun d : Distribution => distributionOk policy.network.last policy.network.last.rows.length (some d) policy.head"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("firmware")


@pytest.fixture(scope="module")
def discrete(folder) -> tuple[Policy, Path, Program]:
    return _built(synthetic_policy((4, 6, 3), seed=3), folder / "discrete")


@pytest.fixture(scope="module")
def continuous(folder) -> tuple[Policy, Path, Program]:
    return _built(synthetic_policy((3, 5, 2), discrete=False, seed=3), folder / "continuous")


@pytest.fixture(scope="module")
def scalar(folder) -> tuple[Policy, Path, Program]:
    return _built(synthetic_policy((2, 6, 3), seed=3), folder / "scalar", mve=False)


def _built(policy: Policy, folder: Path, mve: bool = True) -> tuple[Policy, Path, Program]:
    elf = build(emit(policy, None, folder, unproved=True), require_compiler(), mve=mve).test
    return policy, elf, record(policy, read_elf(elf))


def test_every_operation_of_a_value(discrete) -> None:
    policy, _, program = discrete
    rng = np.random.default_rng(0)
    small = rng.integers(-128, 128, (SAMPLES, policy.obs_dim))
    small[:50] = rng.choice([-128, 127], (50, policy.obs_dim))
    words = rng.choice([1, 300, 2**31 - 1], (SAMPLES, 1)) * rng.choice([-1, 1], (SAMPLES, policy.obs_dim))
    words[SAMPLES // 2 :] = rng.integers(-300, 300, (SAMPLES - SAMPLES // 2, policy.obs_dim))
    codes = differing(program.codes[1], words)
    values = differing(program.hidden[0][2], small)
    hidden = rng.integers(-128, 128, (SAMPLES, len(program.hidden[0])))
    last = differing(program.last[1], hidden)
    assert len(codes) >= 4 and len(values) >= 12 and len(last) >= 2
    mutants = [f"{{ run with codes := {layer_text(program.codes, 1, e)} }}" for e in codes]
    mutants += [f"{{ run with hidden := [{layer_text(program.hidden[0], 2, e)}] }}" for e in values]
    mutants += [f"{{ run with last := {layer_text(program.last, 1, e)} }}" for e in last]
    refused(policy, program, mutants)


def test_constants_and_units_that_are_alike() -> None:
    """Another constant, none in its place, another unit's value, weights of the next layer exchanged."""
    policy = with_rows(synthetic_policy((4, 6, 3), seed=3), 0, {1: [0] * 4, 5: [0, 9, 0, 0]}, {2: 3})
    program = record(policy, linked(policy, require_compiler()).holding("tv_infer"))
    (values,) = program.hidden
    assert values[1][0] == "const" and values[2] == values[3] != values[4]
    others = [(1, e) for e in changes(values[1])] + [(1, values[5]), (2, values[4]), (3, values[1]), (5, values[1])]
    mutants = [f"{{ run with hidden := [{layer_text(values, at, e)}] }}" for at, e in others]
    domain = np.random.default_rng(11).integers(-128, 128, (SAMPLES, policy.obs_dim))
    mutants += [f"{{ run with hidden := [{layer_text(values, 5, e)}] }}" for e in differing(values[5], domain)]
    hidden = np.random.default_rng(12).integers(-128, 128, (SAMPLES, len(values)))
    mutants += [f"{{ run with last := {layer_text(program.last, 1, e)} }}" for e in differing(program.last[1], hidden)]
    assert len(mutants) >= 16
    refused(policy, program, mutants)
    for row, weights in ((1, [9, 0, 0, 0]), (5, [0, 8, 0, 0])):
        run = judge(with_rows(policy, 0, {row: weights}), program, 60.0)
        assert run.status is Status.UNKNOWN, run.detail


def test_every_operation_of_a_value_in_int16_lanes(folder) -> None:
    """Also what a form without the powers of two of the reference must not hide: another shift, another half unit."""
    policy, _, program = _built(synthetic_policy((4, 16, 2), seed=3, int16=True), folder / "int16")
    assert any(part[0] == "signed" and part[2] == 16 for part in walk(program.hidden[0][2]))
    codes = np.random.default_rng(2).integers(-128, 128, (SAMPLES, policy.obs_dim))
    codes[:50] = np.random.default_rng(3).choice([-128, 127], (50, policy.obs_dim))
    found = differing(program.hidden[0][2], codes)
    assert len(found) >= 8
    refused(policy, program, [f"{{ run with hidden := [{layer_text(program.hidden[0], 2, e)}] }}" for e in found])


@pytest.mark.parametrize(
    ("actions", "kind", "opt", "every"), [(4, "gcc", "-O3", 1), (5, None, "-O3", 3), (9, "gcc", "-O2", 17)]
)
def test_every_step_of_an_arg_max(actions, kind, opt, every) -> None:
    """The scans of both compilers and the vector code: other ties, indices, accumulators, bounds, steps left out."""
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    policy = synthetic_policy((4, 6, actions), seed=3)
    program = record(policy, linked(policy, compiler, opt).holding("tv_infer"))
    found = differing_selections(program.action, orders(actions), every)
    assert len(found) >= 15
    mutants = [selection_text(s) for s in found]
    refused(policy, program, mutants, f"fun s : Selection => s.isArgMax {actions}")
    refused(policy, program, [f"{{ run with action := .index ({mutants[0]}) }}"])


def test_every_operation_of_a_table_index(continuous) -> None:
    policy, _, program = continuous
    rng = np.random.default_rng(2)
    words = rng.integers(-(2**31), 2**31, (SAMPLES // 20, policy.outputs))
    words[::2] >>= rng.integers(8, 24, words[::2].shape)
    _, index, table = program.action
    found = differing(index, words)[::10]
    assert len(found) >= 8
    mutants = [f"{{ run with action := .table ({text(e)}) {table} }}" for e in found]
    refused(policy, program, [*mutants, f"{{ run with action := .table ({text(index)}) {table + 256**9} }}"])


def changed_distribution(**fields: str) -> str:
    """The recorded distribution with other `fields`."""
    return f"{{ distribution with {', '.join(f'{name} := {value}' for name, value in fields.items())} }}"


def reordered(items: list[str]) -> list[str]:
    """The list with its first two items swapped, and without its last."""
    first, second, *rest = items
    return [f"[{', '.join((second, first, *rest))}]", f"[{', '.join(items[:-1])}]"]


def test_every_operation_of_a_softmax_weight(discrete) -> None:
    """Another maximum, accumulator, multiplier, constant, shift or clamp; another, missing or swapped table entry."""
    policy, _, program = discrete
    d, n = program.distribution, policy.outputs
    rng = np.random.default_rng(8)
    largest = differing_selections(d.largest, orders(n))
    subtracted = differing(d.subtracted[1], rng.integers(-128, 128, (SAMPLES // 10, len(program.hidden[0]))))
    words = rng.integers(-(2**31), 2**31, (SAMPLES // 10, n))
    words[::2] >>= rng.integers(6, 26, words[::2].shape)
    indices = differing(d.indices[1], words)
    stored = differing(d.weights[1], rng.integers(0, 128, (SAMPLES // 10, n)))
    assert len(largest) >= 3 and len(subtracted) >= 2 and len(indices) >= 40 and len(stored) >= 2
    mutants = [changed_distribution(largest=selection_text(s)) for s in largest[::2]]
    mutants += [changed_distribution(subtracted=layer_text(d.subtracted, 1, e)) for e in subtracted]
    mutants += [changed_distribution(indices=layer_text(d.indices, 1, e)) for e in indices[::2]]
    for field in ("subtracted", "indices"):
        mutants += [changed_distribution(**{field: items}) for items in reordered([*map(text, getattr(d, field))])]
    for at in (0, 1, 100, 254, 255):
        mutants += [changed_distribution(table=f"{d.table + step * 256**at:#x}") for step in (1, -1)]
    refused(policy, program, mutants, DISTRIBUTION_CHECK)
    others = [layer_text(d.weights, 1, e) for e in stored] + reordered([*map(text, d.weights)])
    refused(policy, program, others, f"fun words : List Word => wordsOk {n} 127 words 0")


def test_every_operation_of_a_probability(discrete) -> None:
    """Another rounding constant, sum, factor or wrap-around of a division; another, missing or swapped quotient."""
    policy, _, program = discrete
    d, n = program.distribution, policy.outputs
    rng = np.random.default_rng(9)
    read = rng.integers(0, 128, (SAMPLES // 10, n))
    numerators, denominators = (differing(e, read) for e in d.quotients[1])
    stored = differing(d.probabilities[1], rng.integers(0, 2**15 + 1, (SAMPLES // 10, n)))
    assert len(numerators) >= 8 and len(denominators) >= 4 and len(stored) >= 2
    first, _, third = quotients = [f"⟨{text(a)}, {text(b)}⟩" for a, b in d.quotients]
    numerator, denominator = map(text, d.quotients[1])
    others = [f"⟨{text(e)}, {denominator}⟩" for e in numerators] + [f"⟨{numerator}, {text(e)}⟩" for e in denominators]
    lists = [f"[{first}, {other}, {third}]" for other in others] + reordered(quotients)
    refused(policy, program, lists, f"fun quotients : List Quotient => quotientsOk {n} 127 quotients 0")
    others = [layer_text(d.probabilities, 1, e) for e in stored] + reordered([*map(text, d.probabilities)])
    refused(policy, program, others, f"fun words : List Word => wordsOk {n} 32768 words 0")
    mutants = [changed_distribution(quotients=lists[0]), changed_distribution(probabilities=others[0])]
    refused(policy, program, mutants, DISTRIBUTION_CHECK)


def test_every_operation_of_what_is_kept_several_to_a_word(folder) -> None:
    """Other shifts, factors and wrap-arounds where GCC puts bytes and half-words together and takes them out again."""
    compiler = find_compiler("gcc")
    if compiler is None:
        pytest.skip("gcc is not installed")
    policy = synthetic_policy((4, 8, 4))
    made = build(emit(policy, None, folder / "packed", unproved=True), compiler, "-O3")
    program = record(policy, read_elf(made.test))
    rng = np.random.default_rng(10)
    for words, largest in ((program.distribution.weights, 127), (program.distribution.probabilities, 2**15)):
        assert any(part[0] == "mul" for part in walk(words[1]))
        inputs = rng.choice([0, 1, largest - 1, largest], (SAMPLES // 20, policy.outputs))
        inputs = np.pad(inputs, ((0, 0), (0, 1)))  # there is no fifth, which is 0
        found = differing(words[1], inputs)
        assert len(found) >= 8
        refused(policy, program, [text(e) for e in found], f"fun word : Word => word.isOf 4 {largest} 0 1 1")


@pytest.mark.parametrize("head", ["discrete", "continuous"])
def test_every_part_of_a_logit_and_of_an_action(head, request) -> None:
    """Another accumulator, another integer, another factor, a logit left out, swapped or of a reciprocal."""
    policy, _, program = request.getfixturevalue(head)
    (e, factor), *_ = program.logits
    words = np.random.default_rng(4).integers(-(2**31), 2**31, (SAMPLES, policy.outputs))
    first = [text(changed) for changed in (*differing(e, words), ("value", 1), ("mul", e, -1))]
    rest = ", ".join(f"⟨{text(e)}, {factor}⟩" for e, factor in program.logits[1:])
    mutants = [f"{{ run with logits := [⟨{changed}, {factor}⟩, {rest}] }}" for changed in first]
    for other in (factor + 1, factor - 1, factor ^ 0x80000000, factor + (1 << 23), 0):
        mutants.append(f"{{ run with logits := [⟨{text(e)}, {other}⟩, {rest}] }}")
    mutants.append(f"{{ run with logits := [{rest}] }}")
    mutants.append(f"{{ run with logits := [{rest}, ⟨{text(e)}, {factor}⟩] }}")
    for scale in program.action_factors:
        mutants += [f"{{ run with actionFactors := [{other}] }}" for other in (scale + 1, scale ^ 0x80000000, 0)]
        mutants += ["{ run with actionFactors := [] }", f"{{ run with actionFactors := [{scale}, {scale}] }}"]
    refused(policy, program, mutants)


def test_every_operation_of_the_fault_flags(discrete) -> None:
    """A feature left out, a minimum of too few, another constant, flags swapped: on NaN, infinities, neighbours."""
    policy, _, program = discrete
    special = [0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0xFFFFFFFF, 0x7FC00000, 0, 0x80000000, 0x3F800000]
    observations = np.random.default_rng(6).choice(special, (SAMPLES, policy.obs_dim))
    observations[: SAMPLES // 2][np.random.default_rng(7).random((SAMPLES // 2, policy.obs_dim)) < 0.7] = 0x3F800000
    found = differing(program.faults, observations, lean_programs.flags)
    assert len(found) >= 12
    mutants = [text(e) for e in found]
    refused(policy, program, [*mutants, ".const 0", ".low (.const 0)", ".zeros (.margin 0)"], FLAGS_CHECK)
    runs = [f"{{ run with {field} := {mutants[0]} }}" for field in ("faults", "returned")]
    refused(policy, program, runs)


def test_every_operation_of_the_scalar_border(scalar) -> None:
    """Another factor, bound or constant of the rounding, a NaN that is not replaced, an operation left out."""
    policy, _, program = scalar
    border, code = program.borders[1], program.codes[1]
    rng = np.random.default_rng(11)
    patterns = rng.integers(0, 2**32, SAMPLES // 4)
    # halves and their neighbours, as the factor takes them to the border of two codes; and what is no number
    halves = (np.arange(-600, 600) / 2 / float(policy.inv_scale[1])).astype(np.float32).view(np.uint32).astype(np.int64)
    special = [0x7F800000, 0xFF800000, 0x7F800001, 0xFFC00000, 0x7F7FFFFF, 1, 0x80000001]
    patterns = np.concatenate([patterns, halves - 1, halves, halves + 1, special])[:, None] & 0xFFFFFFFF
    found = differing(border, patterns, lambda e, x: lean_programs.converted(e, x[0]))
    assert len(found) >= 10
    found.append(("vector", int(policy.inv_scale.view(np.uint32)[1]) + 1))
    mutants = [layer_text(program.borders, 1, e) for e in found]
    refused(policy, program, mutants, "fun borders : List Border => codesOk policy.input borders codes 0")
    converted = np.arange(-260, 260)[:, None] * np.ones(policy.obs_dim, int)
    zero_point = int(policy.input_zero_point[1])
    codes = differing(code, converted[(converted[:, 1] >= -128 - zero_point) & (converted[:, 1] <= 127 - zero_point)])
    assert len(codes) >= 2
    mutants = [layer_text(program.codes, 1, e) for e in codes]
    refused(policy, program, mutants, "fun codes : List Expr => codesOk policy.input borders codes 0")


def test_every_operation_of_a_value_that_scalar_code_computes(scalar) -> None:
    """Other shifts, constants and wrap-arounds of 64-bit products in two registers, other halves put together."""
    policy, _, program = scalar
    assert any(part[0] == "plus" for part in walk(program.hidden[0][2]))
    small = np.random.default_rng(12).integers(-128, 128, (SAMPLES // 20, policy.obs_dim))
    small[:50] = np.random.default_rng(13).choice([-128, 127], (50, policy.obs_dim))
    found = differing(program.hidden[0][2], small)
    assert len(found) >= 40
    layers = [f"[{layer_text(program.hidden[0], 2, e)}]" for e in found[::2]]
    refused(policy, program, layers, "fun layers => layersOk policy.network.mode policy.network.hidden layers")


@pytest.mark.parametrize("kind", ["zig", "gcc"])
def test_every_comparison_of_the_scalar_fault_flags(kind, scalar) -> None:
    """Another feature, constant or branch, a comparison left out: on NaN, infinities, neighbours."""
    policy, _, program = scalar
    compiler = find_compiler(kind)
    if compiler is None:
        pytest.skip(f"{kind} is not installed")
    program = record(policy, linked(policy, compiler, mve=False).holding("tv_infer"))
    special = [0x7F7FFFFF, 0x7F800000, 0xFF800000, 0x7F800001, 0xFFFFFFFF, 0x7FC00000, 0, 0x80000000, 0x3F800000]
    observations = np.random.default_rng(14).choice(special, (SAMPLES // 8, policy.obs_dim))
    observations = np.pad(observations, ((0, 0), (0, 1)))  # there is no third, which is 0
    found = differing(program.faults, observations, lean_programs.flags)
    assert len(found) >= 60
    refused(policy, program, [text(e) for e in found[::4]], FLAGS_CHECK)


def test_truncated_reordered_and_foreign_runs(discrete) -> None:
    policy, _, program = discrete
    values, first = program.hidden[0], program.hidden[0][0]
    mutants = [
        "{ run with hidden := [] }",
        "{ run with hidden := [values0, values0] }",
        f"{{ run with hidden := [[{', '.join(text(e) for e in values[:-1])}]] }}",
        f"{{ run with hidden := [[{', '.join(text(e) for e in reversed(values))}]] }}",
        f"{{ run with hidden := [[{', '.join(text(e) for e in (first, *values))}]] }}",
        "{ run with last := [] }",
        f"{{ run with codes := [{', '.join(text(e) for e in program.codes[:-1])}] }}",
        "{ run with borders := .vector 0 :: borders }",
        f"{{ run with borders := [{', '.join(f'.vector {f + 1}' for _, f in program.borders)}] }}",
        "{ run with action := .table (.value 0) 0 }",
        "{ run with action := .index ⟨[], .const 0⟩ }",
        "{ run with action := .index ⟨[], .acc 0⟩ }",
        "{ run with action := .index ⟨[], .unknown 0⟩ }",
        "{ run with logits := [] }",
        "{ run with logits := ⟨.value 0, 0x3f800000⟩ :: logits }",
        "{ run with actionFactors := [0x3f800000] }",
        "{ run with distribution := none }",
        f"{{ run with distribution := some {changed_distribution(weights='[]')} }}",
        f"{{ run with distribution := some {changed_distribution(quotients='[]')} }}",
        f"{{ run with distribution := some {changed_distribution(probabilities='[]')} }}",
    ]
    refused(policy, program, mutants)


@pytest.mark.parametrize("what", ["weight", "bias", "multiplier", "zero point", "softmax multiplier", "exp table"])
def test_another_policy_than_the_one_that_was_built(discrete, what) -> None:
    policy, _, program = discrete
    layer = policy.layers[0]
    if what == "zero point":
        other = dataclasses.replace(policy, input_zero_point=policy.input_zero_point + np.eye(4, dtype=int)[1])
    elif what == "softmax multiplier":
        head = policy.head.model_copy(update={"multiplier": [m + 1 for m in policy.head.multiplier]})
        other = dataclasses.replace(policy, head=head)
    elif what == "exp table":
        table = np.array(policy.tables["exp"])
        table[1:200] = np.maximum(table[1:200] - 1, table[200])
        other = dataclasses.replace(policy, tables={**policy.tables, "exp": table})
    else:
        array = np.array(getattr(layer, what))
        array.flat[3] += 1 if array.flat[3] < 100 else -1
        changed = dataclasses.replace(layer, **{what: array})
        other = dataclasses.replace(policy, layers=(changed, *policy.layers[1:]))
    run = judge(other, program, 60.0)
    assert run.status is Status.UNKNOWN
    assert "does not accept that the recorded run computes the policy" in run.detail


def flipped(elf: Path, sought: bytes, at: int, bit: int) -> Firmware:
    """The firmware with one bit of byte `at` of `sought` turned over, which stands once in its read-only data."""
    firmware = read_elf(elf)
    sections = [s for s in firmware.sections if s.allocated and s.data is not None and sought in s.data]
    (section,) = sections
    assert section.data.count(sought) == 1
    fault = Fault(section.address + section.data.index(sought) + at, 1 << bit, "table", section.name)
    return faulty(firmware, fault)


@pytest.mark.parametrize("what", ["bias", "multiplier", "factor", "exp table"])
def test_a_flipped_bit_of_the_firmware(discrete, what) -> None:
    policy, elf, _ = discrete
    value = {
        "bias": int(policy.layers[0].bias[2]),
        "multiplier": int(policy.layers[0].multiplier[2]),
        "factor": int(policy.inv_scale.view(np.uint32)[1]),
        "exp table": None,
    }[what]
    sought = policy.tables["exp"].tobytes() if value is None else (value & 0xFFFFFFFF).to_bytes(4, "little")
    verdict = discharge(policy, flipped(elf, sought, 77 if value is None else 0, 2), 60.0)
    assert verdict.run is not None, verdict.evidence
    assert verdict.run.status is Status.UNKNOWN, verdict.run.detail


def test_a_file_about_another_run_is_no_proof_of_this_one(discrete) -> None:
    policy, _, program = discrete
    other = dataclasses.replace(program, last=program.last[:-1])
    result = prove_object_code(policy, other, source=render_object_code(policy, program))
    assert not result.passed
    assert {finding.rule for finding in result.findings} == {"other-definition"}, result.findings
