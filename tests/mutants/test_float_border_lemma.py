"""The lemma behind `kernel.object_code`'s float border: what it must accept, and faults that it must not."""

from __future__ import annotations

import numpy as np
import pytest

from tinyverify.engines.machine_code import border, floats
from tinyverify.engines.machine_code.evaluate import Evaluation
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.pieces import equal
from tinyverify.engines.machine_code.reference import quantized
from tinyverify.engines.machine_code.terms import SIGN, Terms
from tinyverify.obligations import object_code
from tinyverify.obligations.object_code import vector_form
from tinyverify.results import Status
from tinyverify.semantics.quantize_f32 import quantize_f32

SMALLEST, LARGEST = 0x2B800000, 0x53800000  # 2^-40, 2^40: the scales that semantics.md allows
PLAIN = 0x3E99999A


def _agrees(inv_scale: int, zero_point: int, form=quantized) -> bool:
    terms = Terms()
    bits = terms.input("observation", 0, -SIGN, SIGN - 1)
    stated = border.definition(terms, bits, inv_scale, zero_point)
    return equal(terms, bits.terms, (-SIGN, SIGN - 1), stated, form(terms, bits, inv_scale, zero_point))


@pytest.mark.parametrize("inv_scale", [SMALLEST, PLAIN, LARGEST])
@pytest.mark.parametrize("zero_point", [-128, -3, 0, 127])
def test_both_forms_agree_at_the_limits(inv_scale: int, zero_point: int) -> None:
    assert _agrees(inv_scale, zero_point)


def test_a_scale_by_which_a_subnormal_has_a_code_is_not_accepted() -> None:
    """The largest subnormal times 2^126 is almost 1, and MVE flushes it."""
    assert not _agrees(0x7E800000, 0)


def _moved(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    return quantized(terms, bits, inv_scale, min(zero_point + 1, 127))


def _next_scale(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    return quantized(terms, bits, inv_scale + 1, zero_point)


def _towards_zero(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    rounded = floats.to_int32_zero(terms, floats.multiply(terms, bits, inv_scale))
    return terms.clamp(add(rounded, zero_point), -128, 127)


def _narrow(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    return terms.clamp(quantized(terms, bits, inv_scale, zero_point), -127, 127)


def _other_nan(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    return terms.select(floats.is_nan(terms, bits), -128, quantized(terms, bits, inv_scale, zero_point))


def _one_pattern(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    return add(quantized(terms, bits, inv_scale, zero_point), terms.bit(terms.eq(add(bits, -0x41200000))))


FAULTS = [_moved, _next_scale, _towards_zero, _narrow, _other_nan, _one_pattern]


@pytest.mark.parametrize("fault", FAULTS)
def test_another_form_is_not_accepted(policies, monkeypatch, fault) -> None:
    """`kernel.object_code` then says UNKNOWN and names the feature."""
    assert not _agrees(PLAIN, 5, fault)
    policy = policies["cartpole"]
    assert vector_form(policy).status is Status.PROVED
    monkeypatch.setattr(border, "quantized", fault)
    result = vector_form(policy)
    assert result.status is Status.UNKNOWN
    assert "observation[" in result.detail


def test_the_obligation_stands_on_the_lemma(policies, monkeypatch) -> None:
    monkeypatch.setattr(object_code, "unsettled", lambda policy: 1)
    shown = object_code.lemmas(policies["cartpole"], object_code.Settings())
    proved = object_code.Result(id=object_code.ID, statement="", status=Status.PROVED)
    result = object_code.with_lemmas(proved, shown)
    assert result.status is Status.UNKNOWN
    assert "quantize_f32.vector_form" in result.detail


def test_the_definition_is_that_of_the_semantics() -> None:
    """Its terms, evaluated, against tinyverify.semantics: patterns of every exponent, ties, NaN, infinities."""
    rng = np.random.default_rng(5)
    patterns = np.concatenate([rng.integers(-SIGN, SIGN, 20_000), [-SIGN, 0, 1, 0x7F800000, 0x7F800001, -0x800000, -1]])
    for inv_scale, zero_point in ((PLAIN, 5), (SMALLEST, -128), (LARGEST, 127)):
        terms = Terms()
        bits = terms.input("observation", 0, -SIGN, SIGN - 1)
        stated = border.definition(terms, bits, inv_scale, zero_point)
        got = Evaluation(terms, len(patterns), lambda name, index: patterns).value(stated)
        codes, _ = quantize_f32((patterns & 0xFFFFFFFF)[:, None], np.array([inv_scale]), np.array([zero_point]))
        assert np.array_equal(got, codes[:, 0])
