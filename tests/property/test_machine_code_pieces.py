"""Intervals of pieces.py hold every value inside, for every float operation and for what machine code makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinyverify.engines.machine_code import floats, pieces
from tinyverify.engines.machine_code.floats import OPERATIONS
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.tabulate import Tabulation
from tinyverify.engines.machine_code.terms import SIGN, Terms

MAGIC = 0x4B400000  # 1.5 * 2^23
CONSTANTS = (0, 0x3F800000, 0x3E99999A, 0xC1200000 - (1 << 32), 0x7F800000, 0x7FC00001, MAGIC, 1, -SIGN)
EDGES = (-SIGN, -SIGN + 1, -1, 0, 1, 0x00800000, 0x3F000000, 0x7F7FFFFF, 0x7F800000, 0x7F800001, 0x7FC00000, SIGN - 1)
word = st.one_of(st.integers(-SIGN, SIGN - 1), st.sampled_from(EDGES))


def _unary(terms: Terms, x: Value, constant: int) -> list[Value]:
    two = [
        terms.float_operation(name, *pair)
        for name in OPERATIONS
        if "_" not in name or name.endswith("scalar")
        for pair in ((x, constant), (constant, x))
    ]
    one = [terms.float_operation(name, x) for name in ("from_int32", "to_int32", "to_int32_zero")]
    return [*two, *one]


def _code(terms: Terms, x: Value, zero_point: int) -> Value:
    """quantize_f32 as scalar code has it: a product, clamps by comparison, a rounding by adding and taking away."""
    p = floats.multiply_scalar(terms, x, 0x3E99999A)
    p = terms.select(floats.is_nan(terms, p), 0, p)
    for bound, sign in ((-128 - zero_point, 1), (127 - zero_point, -1)):
        pattern = int(np.float32(bound).view(np.int32))
        difference = add(floats.order(terms, pattern), floats.order(terms, p), -1)
        p = terms.select(terms.ge(add(difference if sign > 0 else add(0, difference, -1), -1)), pattern, p)
    p = floats.subtract_scalar(terms, floats.add_scalar(terms, p, MAGIC), MAGIC)
    return add(floats.to_int32_zero(terms, p), zero_point)


def _reference(terms: Terms, x: Value, zero_point: int) -> Value:
    return terms.clamp(add(floats.to_int32(terms, floats.multiply(terms, x, 0x3E99999A)), zero_point), -128, 127)


@given(word, word, st.sampled_from(CONSTANTS), st.integers(0, 1 << 32))
def test_every_value_lies_in_its_interval(first: int, second: int, constant: int, seed: int) -> None:
    low, high = min(first, second), max(first, second)
    terms = Terms()
    x = terms.input("x", 0, -SIGN, SIGN - 1)
    values = [*_unary(terms, x, constant), _code(terms, x, 3)]
    form = dict(x.terms)
    inside = np.unique(np.concatenate([np.random.default_rng(seed).integers(low, high + 1, 200), [low, high]]))
    intervals = pieces.Intervals(terms, form, np.array([low], np.int64), np.array([high], np.int64))
    direction = tuple(form.items())
    exact = Tabulation(terms, direction, inside, lambda atom: None if atom in form else direction)
    for value in values:
        bottom, top = intervals.value(value)
        got = exact.value(value)
        assert bottom[0] <= got.min() and got.max() <= top[0], terms.atoms[max(value.terms)]


@pytest.mark.parametrize("zero_point", [-128, -3, 0, 127])
def test_quantization_by_comparisons_is_quantization_by_conversion(zero_point: int) -> None:
    terms = Terms()
    x = terms.input("x", 0, -SIGN, SIGN - 1)
    ends, form = (-SIGN, SIGN - 1), dict(x.terms)
    machine, reference = _code(terms, x, zero_point), _reference(terms, x, zero_point)
    assert pieces.equal(terms, form, ends, machine, reference)
    once = terms.bit(terms.eq(add(x, -0x41200000)))  # wrong for one pattern of 2^32
    assert not pieces.equal(terms, form, ends, add(machine, once), reference)
    assert not pieces.equal(
        terms, form, ends, _code(terms, x, zero_point - 1 if zero_point > 0 else zero_point + 1), reference
    )
