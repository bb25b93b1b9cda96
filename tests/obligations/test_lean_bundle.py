"""A policy's Lean file: it says what the policy is, and the kernel accepts every theorem of it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.layout import FLASH_REGIONS
from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean_bundle import definitions, expected_theorems, find_faults, first_difference, prove, render
from tinyverify.engines.lean_bundle.accesses import accesses
from tinyverify.engines.lean_bundle.packing import BLOCK, list_definitions, pack, packed_literal, unpack
from tinyverify.engines.lean_bundle.theorems import NAMESPACE
from tinyverify.obligations import layout as layout_obligations
from tinyverify.semantics.policy import accumulators
from tinyverify.semantics.requantize import RoundingMode


@pytest.mark.parametrize("environment", ["cartpole", "acrobot", "pendulum"])
def test_the_kernel_accepts_every_theorem_of_a_shipped_policy(policies, environment):
    policy = policies[environment]
    proof = prove(policy)
    assert proof.outcome == "accepted", proof.messages
    assert [t.obligation_id for t in proof.accepted] == [t.obligation_id for t in expected_theorems(policy)]
    assert proof.refused == () and find_faults(policy) == ()
    assert first_difference(policy, proof.source) is None


@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("discrete", [True, False])
def test_every_mode_and_head(mode, discrete):
    policy = synthetic_policy((5, 9, 7, 3 if discrete else 2), discrete, mode, seed=3, hidden_zero_point=None)
    result = check_file(render(policy), theorems=[theorem.name for theorem in expected_theorems(policy)])
    assert result.accepted, result.messages


def test_the_file_is_deterministic_and_says_what_the_policy_is():
    policy = synthetic_policy((7, 33, 18, 3), seed=5)
    text = render(policy)
    assert text == render(synthetic_policy((7, 33, 18, 3), seed=5))
    assert policy.hash in text
    for index, layer in enumerate(policy.layers):
        rows = _items(text, f"layer{index}_rows")
        inputs = layer.weight.shape[1]
        assert [int(row[0]) for row in rows] == layer.bias.tolist()
        assert [unpack(inputs, int(row[1], 16)) for row in rows] == layer.weight.tolist()
        assert f": Dense :=\n  ⟨{inputs}, layer{index}_rows⟩" in text
        if len(layer.multiplier):
            scales = _items(text, f"layer{index}_scales")
            assert [[int(v) for v in scale] for scale in scales] == np.stack(
                [layer.multiplier, layer.shift], 1
            ).tolist()
            assert f"⟨layer{index}_dense, layer{index}_scales, {layer.output_zero_point}⟩" in text
    features = [[int(v, 0) for v in feature] for feature in _items(text, "input")]
    assert [f[0] for f in features] == policy.inv_scale.view(np.uint32).tolist()
    assert [f[1] for f in features] == policy.input_zero_point.tolist()
    head = re.search(r"\.discrete\n  ⟨\.doubleTiesUp, (\d+), (\d+), (0x[0-9a-f]+)⟩", text)
    assert (int(head[1]), int(head[2])) == (policy.head.multiplier[0], policy.head.shift[0])
    assert unpack(256, int(head[3], 16)) == policy.tables["exp"].tolist()
    regions = {region.name: region for region in FLASH_REGIONS}
    spans = [[int(v, 0) for v in re.findall(r"0x[0-9a-f]+|\d+", ", ".join(item))] for item in _items(text, "objects")]
    assert spans == [
        [o.offset, o.size, o.align, regions[o.region].offset, regions[o.region].size] for o in policy.layout.objects
    ]


@pytest.mark.parametrize("mode", RoundingMode)
def test_the_printed_network_computes_what_the_reference_computes(mode):
    policy = synthetic_policy((5, 19, 6, 3), rounding=mode, seed=8, hidden_zero_point=None)
    codes = np.random.default_rng(8).integers(-128, 128, (4, 5))
    codes[0], codes[1] = -128, 127
    equations = [
        f"example : network.{run} {x.tolist()} = {acc.tolist()} := by decide +kernel"
        for x, acc in zip(codes, accumulators(policy, codes), strict=True)
        for run in ("run", "runMachine")
    ]
    text = "\n".join(["import TinyVerify", definitions(policy), f"open {NAMESPACE}", *equations, ""])
    result = check_file(text)
    assert result.accepted, result.messages


def test_accesses_are_those_of_the_layout_obligation(policies):
    for policy in (policies["cartpole"], policies["pendulum"], synthetic_policy((4, 17, 40, 2))):
        listed = layout_obligations.accesses(policy)["accesses"]
        assert {
            name: (a.rows, a.columns, a.row_stride, a.column_stride, a.width, a.size) for name, a in accesses(policy)
        } == {
            a["name"]: (a["rows"], a["columns"], a["row_stride"], a["column_stride"], a["width"], a["size"])
            for a in listed
        }


def test_packing_round_trip_and_refusal():
    values = [-128, -1, 0, 1, 127, 5]
    assert unpack(6, pack(values)) == values
    assert packed_literal(values) == "0x85ff81807f00"
    with pytest.raises(ValueError, match="128 is not an int8"):
        pack([128])


@pytest.mark.parametrize("count", [0, 1, BLOCK, BLOCK + 1, BLOCK * BLOCK + 1])
def test_long_lists_are_joined_from_short_blocks(count):
    lines, name = list_definitions("xs", "Nat", [str(i) for i in range(count)], "Numbers.")
    assert name == "xs" and all(line.count(",") < BLOCK for line in lines)
    assert _numbers("\n".join(lines), "xs") == list(range(count))


def _body(text: str, name: str) -> str:
    return re.search(rf"^def {name} : List \w+ :=\n  (.*?)(?=^def |^/--|^end|\Z)", text, re.MULTILINE | re.DOTALL)[1]


def _blocks(text: str, name: str) -> list[str]:
    body = _body(text, name).strip()
    if not body.startswith("join"):
        return [body]
    inner = body.removeprefix("join [").removesuffix("]")
    return [block for part in inner.split(", ") for block in _blocks(text, part)]


def _items(text: str, name: str) -> list[list[str]]:
    """The `⟨a, b, ...⟩` of a list definition, blocks in order."""
    found = []
    for block in _blocks(text, name):
        found += [
            [field.strip() for field in item.split(",")] for item in re.findall(r"⟨((?:[^⟨⟩]|⟨[^⟨⟩]*⟩)*)⟩", block)
        ]
    return found


def _numbers(text: str, name: str) -> list[int]:
    return [int(number) for block in _blocks(text, name) for number in re.findall(r"\d+", block)]
