"""Lean's `converted` and `floated` are what the instruction semantics compute; and where their theorems must stop."""

from __future__ import annotations

import numpy as np
import pytest

from tinyverify.engines.lean.check import check_file
from tinyverify.engines.lean.toolchain import LeanNotFound, find_lean
from tinyverify.engines.machine_code.floats import OPERATIONS

HEADER = "import TinyVerify.ObjectCode.Thm\nset_option exponentiation.threshold 400\nnamespace TinyVerify.ObjectCode\n"
FACTORS = (0x2B800000, 0x3E99999A, 0x3F800001, 0x42FFFFFF, 0x53800000)  # 2^-40 to 2^40, all that semantics.md allows
EDGES = (0, 1, 0x7FFFFF, 0x800000, 0x800001, 0x14000000, 0x3F000000, 0x3FC00000, 0x40200000, 0x4EFFFFFF)
EDGES += (0x4F000000, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000)


def _lean() -> bool:
    try:
        find_lean()
    except LeanNotFound:
        return False
    return True


needs_lean = pytest.mark.skipif(not _lean(), reason="no Lean")


def _accepted(claims: list[str]) -> bool:
    names = [f"TinyVerify.ObjectCode.claim{i}" for i in range(len(claims))]
    proofs = [f"theorem claim{i} : {claim} := by decide +kernel" for i, claim in enumerate(claims)]
    return check_file("\n".join([HEADER, *proofs, "end TinyVerify.ObjectCode", ""]), theorems=names).accepted


@needs_lean
def test_the_border_in_lean_is_that_of_the_instructions() -> None:
    """Every sign of the edges, random patterns, products near ties and near 2^-126, of every factor."""
    rng = np.random.default_rng(4)
    claims = []
    for factor in FACTORS:
        scale = np.uint32(factor).view(np.float32)
        ties = (rng.integers(-300, 300, 8) + 0.5).astype(np.float32) / scale
        tiny = np.float32(2.0**-126) / scale * rng.uniform(0.5, 2, 8).astype(np.float32)
        drawn = [*EDGES, *rng.integers(0, 1 << 31, 10), *ties.view(np.uint32), *tiny.view(np.uint32)]
        patterns = np.array([int(bits) ^ sign for bits in drawn for sign in (0, 1 << 31)], np.uint32)
        signed = patterns.view(np.int32).astype(np.int64)
        product = OPERATIONS["multiply"](signed, np.full(len(signed), factor, np.int64))
        for bits, value in zip(patterns, OPERATIONS["to_int32"](product), strict=True):
            claims.append(f"converted {int(bits):#x} {factor:#x} = {int(value)}")
    assert _accepted(claims)
    assert not _accepted([claims[0].replace(" = ", " = 1 + ")])


@needs_lean
def test_flushing_shows_where_the_checker_lets_no_factor_through() -> None:
    """By 2^126 the largest subnormal is almost 1, and flushed; a subnormal factor is flushed itself."""
    code = "clamp (converted {0} {1} + 0) (-128) 127"
    assert _accepted(
        [
            f"{code.format('0x7fffff', '0x7e800000')} = 0",
            "quantizeF32 0x7fffff 0x7e800000 0 = 1",
            f"{code.format('0x7f000000', '0x7fffff')} = 0",
            "quantizeF32 0x7f000000 0x7fffff 0 = 2",
            "factorOk 0x7e800000 = false",
            "factorOk 0x7fffff = false",
            "factorOk 0x7f800000 = false",
            "factorOk 0xbf800000 = false",
            *(f"factorOk {factor:#x} = true" for factor in FACTORS),
        ]
    )


@needs_lean
def test_floats_of_integers_in_lean_are_those_of_the_instructions() -> None:
    """Ends of int32, ties of both roundings and random integers, by factors from subnormal to overflow."""
    rng = np.random.default_rng(5)
    ends = [0, 1, -1, 2**24 - 1, 2**24, 2**24 + 1, 2**24 + 3, 2**25 + 2, 2**31 - 1, -(2**31)]
    claims = []
    for factor in (0x00000001, 0x007FFFFF, 0x00800000, *FACTORS, 0x64000001, 0x70000000, 0x7F7FFFFF):
        integers = np.array([*ends, *(rng.integers(-(2**31), 2**31, 6) >> rng.integers(0, 28, 6))], np.int64)
        floats = OPERATIONS["from_int32"](integers)
        products = OPERATIONS["multiply"](floats, np.full(len(integers), factor, np.int64))
        for z, pattern in zip(integers, products, strict=True):
            if z or factor >= 0x00800000:  # zero by a flushed factor has a sign that no logit has
                claims.append(f"floated ({int(z)}) {factor:#x} = {int(pattern) & 0xFFFFFFFF:#x}")
    assert _accepted(claims)
    assert not _accepted([claims[5].replace(" = ", " = 1 + ")])


@needs_lean
def test_a_factor_that_is_flushed_shows_in_a_logit() -> None:
    """The largest subnormal factor: the vector unit gives zero, and `dequantize` does not say so."""
    assert _accepted(
        [
            "floated 5 0x7fffff = 0",
            "dequantize 5 0x7fffff = 0x19fffff",
            "logitsOk [0x7fffff] [⟨.value 0, 0x7fffff⟩] 0 = false",
        ]
    )
