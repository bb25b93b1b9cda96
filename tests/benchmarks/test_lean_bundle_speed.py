"""Time of the kernel's check of a bundle against its size: about linear in the number of weights.

Asserts ratios, which a slow or busy machine does not change much; the figures are printed (`pytest -s`).
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tests.synthetic_policies import synthetic_policy
from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean.check import LeanResult, check_file
from tinyverify.engines.lean_bundle import expected_theorems, render

# What 64 KB of flash excludes, and what random multipliers stand for; the other theorems about the numbers remain.
OMITTED = {"layout.disjoint", "layout.inside", "layout.aligned", "layout.sized", "requantize.multiplier_exact"}
SIZES = (64, 256, 1024)


def wide_policy(width: int) -> Policy:
    """A policy with a `width` x `width` layer and two outputs, whatever flash could hold."""
    base, rng = synthetic_policy((4, 16, 2)), np.random.default_rng(width)
    hidden = dataclasses.replace(
        base.layers[0],
        weight=rng.integers(-128, 128, (width, width)).astype(np.int8),
        bias=rng.integers(-9999, 9999, width).astype(np.int32),
        multiplier=rng.integers(1 << 30, 1 << 31, width).astype(np.int64),
        shift=np.full(width, 12),
    )
    last = dataclasses.replace(base.layers[1], weight=rng.integers(-128, 128, (2, width)).astype(np.int8))
    return dataclasses.replace(
        base,
        layers=(hidden, last),
        inv_scale=np.ones(width, np.float32),
        input_zero_point=np.zeros(width, np.int8),
    )


def measure(width: int) -> LeanResult:
    policy = wide_policy(width)
    names = [theorem.name for theorem in expected_theorems(policy) if theorem.obligation_id not in OMITTED]
    result = check_file(render(policy, OMITTED), theorems=names)
    assert result.accepted, result.messages
    return result


@pytest.fixture(scope="module")
def results() -> dict[int, LeanResult]:
    check_file("import TinyVerify\n")  # core and library are built and read once
    return {width: measure(width) for width in SIZES}


def test_growth_is_about_linear_in_the_weights(results):
    for width, result in results.items():
        print(f"{width} x {width}: {result.seconds:.2f} s, {result.peak_rss_bytes / 2**20:.0f} MB")
    start = check_file("import TinyVerify\n").seconds
    small, large = results[256].seconds - start, results[1024].seconds - start
    print(f"start {start:.2f} s, growth from 256 to 1024: {large / small:.1f} times (16 times the weights)")
    assert large / small < 40


def test_memory_stays_below_a_gigabyte(results):
    assert all(result.peak_rss_bytes < 2**30 for result in results.values())
