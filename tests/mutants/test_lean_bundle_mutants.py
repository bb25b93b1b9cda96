"""Bad policies and bad files: the kernel or the gate refuses each, and the message names layer and row."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean_bundle import (
    diagnose,
    expected_theorems,
    find_faults,
    first_difference,
    judge,
    prove,
    render,
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return synthetic_policy((4, 18, 3), seed=1)


def with_layer(policy: Policy, index: int, **changes: np.ndarray) -> Policy:
    """`policy` with arrays of one layer replaced, past every check of the file format."""
    layer = dataclasses.replace(policy.layers[index], **changes)
    return dataclasses.replace(policy, layers=(*policy.layers[:index], layer, *policy.layers[index + 1 :]))


def changed(array: np.ndarray, at: int, value: int) -> np.ndarray:
    copy = np.array(array)
    copy[at] = value
    return copy


def layout_with(policy: Policy, index: int, **changes: int) -> Policy:
    objects = list(policy.layout.objects)
    objects[index] = objects[index].model_copy(update=changes)
    return dataclasses.replace(policy, layout=policy.layout.model_copy(update={"objects": tuple(objects)}))


def bad_policies(policy: Policy):
    first, last = policy.layers
    limit = (1 << 31) - 1
    reach = int(128 * np.abs(first.weight[17].astype(int)).sum())
    table = policy.tables["exp"]
    yield (
        "bias overflows",
        with_layer(policy, 0, bias=changed(first.bias, 17, limit)),
        "dense_s8.acc_no_overflow",
        "layer 0 row 17",
    )
    yield (
        "by one",
        with_layer(policy, 0, bias=changed(first.bias, 17, limit + 1 - reach)),
        "dense_s8.acc_no_overflow",
        "layer 0 row 17",
    )
    yield (
        "negative bias",
        with_layer(policy, 1, bias=changed(last.bias, 2, -limit)),
        "dense_s8.acc_no_overflow",
        "layer 1 row 2",
    )
    yield (
        "difference",
        with_layer(policy, 1, bias=changed(last.bias, 1, 1 << 30)),
        "softmax_lut.difference_no_overflow",
        "layer 1 row 1",
    )
    yield (
        "multiplier",
        with_layer(policy, 0, multiplier=changed(first.multiplier, 3, (1 << 30) - 1)),
        "requantize.product_fits_int64",
        "layer 0 row 3",
    )
    yield (
        "multiplier of another scale",
        with_layer(policy, 0, multiplier=changed(first.multiplier, 4, int(first.multiplier[4]) + 1)),
        "requantize.multiplier_exact",
        "layer 0 row 4",
    )
    yield "shift", with_layer(policy, 0, shift=changed(first.shift, 5, 32)), "requantize.monotone", "layer 0 row 5"
    yield (
        "rounding term",
        with_layer(
            policy,
            0,
            shift=changed(first.shift, 6, 31),
            bias=changed(first.bias, 6, 1_200_000_000),
            multiplier=changed(first.multiplier, 6, limit),
        ),
        "requantize.rounding_fits_int32",
        "layer 0 row 6",
    )
    yield (
        "table rises",
        dataclasses.replace(policy, tables={"exp": changed(table, 100, int(table[99]) + 1)}),
        "softmax_lut.table_monotone",
        "exp[100]",
    )
    yield (
        "lost row",
        with_layer(policy, 0, multiplier=first.multiplier[:-1], shift=first.shift[:-1]),
        "dense_s8.well_shaped",
        "layer 0",
    )
    yield (
        "logits overflow",
        dataclasses.replace(policy, logit_scale=np.full_like(policy.logit_scale, 2.0**92)),
        "dequantize.finite",
        "output 0",
    )
    size, offset = policy.layout.objects[1].size, policy.layout.objects[1].offset
    yield "overlap", layout_with(policy, 1, offset=offset - 16), "layout.disjoint", policy.layout.objects[0].name
    yield "outside", layout_with(policy, 1, offset=0xA000 - 4), "layout.inside", policy.layout.objects[1].name
    yield "misaligned", layout_with(policy, 1, offset=offset + 8), "layout.aligned", policy.layout.objects[1].name
    yield "too small", layout_with(policy, 1, size=size - 1), "layout.sized", policy.layout.objects[1].name


NAMES = [entry[0] for entry in bad_policies(synthetic_policy((4, 18, 3), seed=1))]


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_policy_loses_its_theorem_and_the_place_is_named(policy, name):
    _, bad, obligation, place = next(entry for entry in bad_policies(policy) if entry[0] == name)
    refused = {theorem.obligation_id: theorem for theorem in diagnose(bad)}
    assert obligation in refused
    assert any(place in str(fault) for fault in refused[obligation].faults), refused[obligation].faults
    # The recomputation in Python and the kernel agree on every checker, not only on this one.
    failing = {fault.check for fault in find_faults(bad)}
    assert set(refused) == {spec.obligation_id for spec in expected_theorems(bad) if failing & set(spec.checks)}


def test_what_is_left_of_a_bad_policy_is_proved_in_a_file_without_error(policy):
    bad = with_layer(policy, 0, bias=changed(policy.layers[0].bias, 17, (1 << 31) - 1))
    proof = prove(bad)
    accepted = {theorem.obligation_id for theorem in proof.accepted}
    refused = {theorem.obligation_id for theorem in proof.refused}
    assert proof.outcome == "rejected" and "accOk" in proof.messages[0]
    assert "dense_s8.acc_no_overflow" in refused and "layout.disjoint" in accepted
    assert accepted | refused == {spec.obligation_id for spec in expected_theorems(bad)} and not accepted & refused


def test_no_answer_in_time_accepts_nothing(policy):
    proof = prove(policy, timeout=0.01)
    assert proof.outcome == "timeout" and proof.accepted == ()
    assert len(proof.refused) == len(expected_theorems(policy))


def test_the_bound_is_exact(policy):
    """One less than the mutant "by one" is accepted: the refusal is not a matter of slack."""
    first = policy.layers[0]
    reach = int(128 * np.abs(first.weight[17].astype(int)).sum())
    good = with_layer(policy, 0, bias=changed(first.bias, 17, (1 << 31) - 1 - reach))
    assert "dense_s8.acc_no_overflow" not in {theorem.obligation_id for theorem in diagnose(good)}


NETWORK = "⟨.doubleTiesUp, [layer0], layer1⟩"
EDITS = {
    "same name, other statement": (
        "acc_no_overflow : policy.network.NoOverflow :=\n  policy.network.noOverflow_of_ok acc_ok",
        "acc_no_overflow : True :=\n  True.intro",
    ),
    "other network": (NETWORK, "⟨.doubleTiesUp, [], layer1⟩"),
    "other rounding": (NETWORK, "⟨.singleTiesUp, [layer0], layer1⟩"),
    "sorry": ("policy.network.noOverflow_of_ok acc_ok", "sorry"),
    "axiom": (
        "theorem acc_ok : policy.network.accOk = true := by decide +kernel",
        "axiom acc_ok : policy.network.accOk",
    ),
    "native": ("accOk = true := by decide +kernel", "accOk = true := by native_decide"),
    "claim hidden": (
        "theorem dequantize.arg_max",
        "def argMax (_ : List Int) : Nat := 0\ntheorem dequantize.arg_max",
        "argMax_scale (by decide)",
        "fun _ => rfl",
    ),
    "theorem missing": ("theorem layout.sized : policy.Sized :=\n  policy.sized_of_ok sized_ok\n", ""),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_file_is_refused(policy, name):
    edited, pairs = render(policy), EDITS[name]
    for right, wrong in zip(pairs[::2], pairs[1::2], strict=True):
        assert edited.count(right) == 1
        edited = edited.replace(right, wrong)
    assert first_difference(policy, edited) is not None
    assert not judge(policy, edited, expected_theorems(policy)).passed


def test_a_changed_weight_is_seen(policy):
    weight = np.array(policy.layers[0].weight)
    weight[2, 1] ^= 1
    other = render(with_layer(policy, 0, weight=weight))
    line, stored, expected = first_difference(policy, other)
    assert stored != expected and "0x" in expected and line > 0
    assert not judge(policy, other, expected_theorems(policy)).passed
