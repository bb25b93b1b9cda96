"""How the proof of the machine code grows with the number of weights: CPU seconds, terms, instructions, memory.

Asserts ratios within one run and a bound on memory, never seconds; `-s` prints the table for docs/machine-code.md. The
largest shape has a layer of 256 x 256 weights, which the flash of the memory map does not hold: it is linked with a map
of this test's own, four times as large. Nothing else about that firmware differs, and it is never run.
"""

from __future__ import annotations

import gc
import resource
import time
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts import layout
from tinyverify.artifacts.layout import Region, plan_layout
from tinyverify.artifacts.policy import DenseLayer, Policy, table_names
from tinyverify.binary.elf import Firmware, read_elf
from tinyverify.emit import firmware
from tinyverify.emit.firmware import emit
from tinyverify.engines.emulator.compiler import build, find_compiler
from tinyverify.engines.emulator.observations import observations
from tinyverify.engines.machine_code.prove import prove
from tinyverify.results import Status

SHAPES = ((64, 64, 2), (64, 128, 128, 2), (4, 128, 256, 2), (4, 256, 256, 2))
MAP = (
    Region("policy", 0x00000, 0x30000),
    Region("scales", 0x30000, 0x4000),
    Region("lut", 0x34000, 0x4000),
    Region("hal", 0x38000, 0x8000),
)
MOST_BYTES = 1 << 30


def _linked(policy: Policy, folder: Path) -> tuple[Policy, Firmware]:
    """`policy` laid out by MAP in place of the product's flash regions, and its firmware."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "FLASH_REGIONS", MAP)
        patch.setattr(firmware, "FLASH_REGIONS", MAP)
        planned = plan_layout([layer.weight.shape for layer in policy.layers], list(table_names(policy.head.kind)))
        policy = replace(policy, layout=planned)
        made = build(emit(policy, None, folder, unproved=True), find_compiler("zig"))
    return policy, read_elf(made.product)


def _policy(shape: tuple[int, ...]) -> Policy:
    """A policy of `shape`: hidden layers in place of that of a policy small enough for a policy file."""
    small, rng = synthetic_policy((shape[0], shape[-2], shape[-1])), np.random.default_rng(0)
    hidden = [_hidden(rng, n_in, n_out, small.layers[0]) for n_in, n_out in pairwise(shape[:-1])]
    return replace(small, layers=(*hidden, small.layers[-1]))


def _hidden(rng: np.random.Generator, n_in: int, n_out: int, like: DenseLayer) -> DenseLayer:
    spread = 74.0 * 74.0 * np.sqrt(n_in)
    return replace(
        like,
        weight=rng.integers(-128, 128, (n_out, n_in)).astype(np.int8),
        bias=np.trunc(rng.normal(0, spread / 2, n_out)).astype(np.int32),
        multiplier=rng.integers(1 << 30, 1 << 31, n_out).astype(np.int32),
        shift=np.full(n_out, int(np.log2(spread / 60)), np.int32),
    )


def _cases(policy: Policy, count: int) -> np.ndarray:
    return observations(policy, count, 0)[0]


@pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")
def test_the_proof_grows_about_linearly_with_the_weights(tmp_path, capsys) -> None:
    points = []
    for index, shape in enumerate(SHAPES):
        policy, linked = _linked(_policy(shape), tmp_path / str(index))
        gc.collect()
        start = time.process_time()
        outcome = prove(policy, linked, partial(_cases, policy, 16), lambda query: [])
        seconds = time.process_time() - start
        assert outcome.status is Status.PROVED, outcome.detail
        weights = sum(layer.weight.size for layer in policy.layers)
        points.append((weights, outcome.instructions, outcome.atoms, seconds))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    slopes = [_slope([p[0] for p in points], [p[k] for p in points]) for k in (1, 2, 3)]
    with capsys.disabled():
        print()
        for shape, (weights, instructions, terms, seconds) in zip(SHAPES, points, strict=True):
            name = "-".join(map(str, shape))
            print(f"  {name:>13}: {weights:6,} weights, {instructions:6,} run, {terms:6,} terms, {seconds:.2f} s CPU")
        print("  fitted exponents over the weights: instructions {:.2f}, terms {:.2f}, CPU {:.2f}".format(*slopes))
        print(f"  {memory / 2**20:.0f} MB in this process")
    assert max(slopes) <= 1.2
    assert memory <= MOST_BYTES


def _slope(x: list, y: list) -> float:
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


@pytest.mark.skipif(find_compiler("zig") is None, reason="no cross compiler")
def test_another_weight_of_a_wide_layer_is_refuted(tmp_path) -> None:
    """The proof of 256 x 256 weights is about each of them."""
    policy, linked = _linked(_policy((4, 256, 256, 2)), tmp_path / "firmware")
    weight = policy.layers[1].weight.copy()
    weight[201, 37] ^= 1
    other = replace(policy, layers=(policy.layers[0], replace(policy.layers[1], weight=weight), policy.layers[2]))
    outcome = prove(other, linked, partial(_cases, policy, 256), lambda query: [])
    assert outcome.status is Status.REFUTED
