"""`quantize_f32` as docs/semantics.md writes it, and as reference.py does: one code for each of the 2^32 patterns.

Serves `kernel.object_code`, as the lemma that its reference rests on. The page multiplies without flushing and says
what a NaN gives; the reference multiplies and converts as MVE does. For the solvers this is `quantize_f32.vector_form`.
"""

from __future__ import annotations

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.machine_code import floats
from tinyverify.engines.machine_code.linear import Value, add
from tinyverify.engines.machine_code.pieces import equal
from tinyverify.engines.machine_code.reference import quantized
from tinyverify.engines.machine_code.terms import SIGN, Terms
from tinyverify.semantics import float32


def definition(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    """The code of the pattern `bits`, by cases; subnormals are numbers like others."""
    nearest = floats.to_int32(terms, floats.multiply_scalar(terms, bits, inv_scale))
    code = add(terms.clamp(nearest, -128 - zero_point, 127 - zero_point), zero_point)
    return terms.select(floats.is_nan(terms, bits), zero_point, code)


def unsettled(policy: Policy) -> int | None:
    """The first feature whose two forms are not shown equal for all patterns; None if there is none."""
    features = zip(float32.bits_of(policy.inv_scale), policy.input_zero_point, strict=True)
    for index, (inv_scale, zero_point) in enumerate(features):
        terms = Terms()
        bits = terms.input("observation", index, -SIGN, SIGN - 1)
        stated = definition(terms, bits, int(inv_scale), int(zero_point))
        vector = quantized(terms, bits, int(inv_scale), int(zero_point))
        if not equal(terms, bits.terms, (-SIGN, SIGN - 1), stated, vector):
            return index
    return None
