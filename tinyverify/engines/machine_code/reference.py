"""What `tv_infer` must compute, as terms over the observation: docs/semantics.md, operator by operator.

Serves `kernel.object_code`. Built from the policy alone; tests evaluate these terms against tinyverify.semantics.
Written with the operations of terms.py, so that a correct program meets them term by term.

Two of the forms are equivalent to the page's by a lemma, an obligation of its own: `quantize_f32` says with MVE's
multiplication and conversion what the page says with cases (`quantize_f32.vector_form`), and `double_ties_away` adds -1
to a negative value before rounding half up (`requantize.ties_away_form`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.machine_code import floats
from tinyverify.engines.machine_code.linear import Value, add, combine, scale
from tinyverify.engines.machine_code.terms import Terms
from tinyverify.semantics import float32
from tinyverify.semantics.quantize_f32 import FAULT_INF, FAULT_NAN
from tinyverify.semantics.requantize import RoundingMode


@dataclass(frozen=True)
class Output:
    """One field of `tv_output`: `offset` and `size` in bytes, and its value modulo 2^(8 size)."""

    name: str
    offset: int
    size: int
    value: Value


@dataclass(frozen=True)
class Reference:
    """All outputs, the size of `tv_output` in bytes, and the returned fault flags."""

    outputs: tuple[Output, ...]
    size: int
    faults: Value


def reference(terms: Terms, policy: Policy, observation: list[Value]) -> Reference:
    """The outputs of `policy` for an observation given as float32 patterns (signed words)."""
    codes, faults = quantize_f32(terms, policy, observation)
    acc = accumulators(terms, policy, codes)
    scales = float32.bits_of(policy.logit_scale)
    logits = [dequantize(terms, value, int(bits)) for value, bits in zip(acc, scales, strict=True)]
    fields: list[tuple[str, int, Value]] = [("faults", 4, faults)]
    fields += [(f"acc[{i}]", 4, value) for i, value in enumerate(acc)]
    fields += [(f"logits[{i}]", 4, value) for i, value in enumerate(logits)]
    if policy.discrete:
        weights, probabilities = softmax_lut(terms, policy, acc)
        fields.append(("action", 4, arg_max(terms, acc)))
        fields += [(f"probability[{i}]", 2, value) for i, value in enumerate(probabilities)]
        fields += [(f"weight[{i}]", 1, value) for i, value in enumerate(weights)]
    else:
        bits = int(float32.bits_of(np.array([policy.head.action_scale]))[0])
        fields.append(("action", 4, dequantize(terms, deterministic_action(terms, policy, acc), bits)))
    outputs, offset = [], 0
    for name, size, value in fields:  # sizes only fall, so every field is aligned
        outputs.append(Output(name, offset, size, value))
        offset += size
    return Reference(tuple(outputs), (offset + 3) // 4 * 4, faults)


def quantize_f32(terms: Terms, policy: Policy, observation: list[Value]) -> tuple[list[Value], Value]:
    """int8 codes and fault flags."""
    codes, above, equal = [], [], []
    inv_scales = float32.bits_of(policy.inv_scale)
    for bits, inv_scale, zero_point in zip(observation, inv_scales, policy.input_zero_point, strict=True):
        codes.append(quantized(terms, bits, int(inv_scale), int(zero_point)))
        magnitude = add(terms.mod(bits, 31), -floats.EXPONENT)
        above.append(terms.ge(add(magnitude, -1)))
        equal.append(terms.eq(magnitude))
    nan, infinite = terms.bit(terms.any_of(above)), terms.bit(terms.any_of(equal))
    return codes, add(scale(nan, FAULT_NAN), infinite, FAULT_INF)


def quantized(terms: Terms, bits: Value, inv_scale: int, zero_point: int) -> Value:
    """The int8 code of one feature's pattern, as MVE multiplies and converts."""
    rounded = floats.to_int32(terms, floats.multiply(terms, bits, inv_scale))
    return terms.clamp(add(rounded, zero_point), -128, 127)


def dense_s8(terms: Terms, x: list[Value], weight: np.ndarray, bias: np.ndarray) -> list[Value]:
    """int32 accumulators, modulo 2^32 as the reference has them."""
    rows = zip(weight.tolist(), bias.tolist(), strict=True)
    return [terms.signed(combine(b, zip(row, x, strict=True))) for row, b in rows]


def accumulators(terms: Terms, policy: Policy, codes: list[Value]) -> list[Value]:
    """The last layer's accumulators."""
    x = codes
    for layer in policy.layers[:-1]:
        zero_point = layer.output_zero_point
        channels = zip(dense_s8(terms, x, layer.weight, layer.bias), layer.multiplier, layer.shift, strict=True)
        x = [
            requantize(terms, acc, int(multiplier), int(shift), zero_point, zero_point, policy.rounding)
            for acc, multiplier, shift in channels
        ]
    return dense_s8(terms, x, policy.layers[-1].weight, policy.layers[-1].bias)


def scale_accumulator(terms: Terms, acc: Value, multiplier: int, shift: int, mode: RoundingMode) -> Value:
    """The rounded quotient of one accumulator."""
    product = scale(acc, multiplier)
    if mode is RoundingMode.SINGLE_TIES_UP:
        return terms.floor(add(product, 1 << (30 + shift)), 31 + shift)
    high = terms.floor(add(product, 1 << 30), 31)
    if mode is RoundingMode.DOUBLE_TIES_AWAY and shift:
        high = add(high, add(terms.bit(terms.ge(high)), -1))
    return terms.floor(add(high, (1 << shift) >> 1), shift)


def requantize(
    terms: Terms, acc: Value, multiplier: int, shift: int, zero_point: int, low: int, mode: RoundingMode
) -> Value:
    """`clamp(scaled + zero_point, low, 127)`."""
    return terms.clamp(add(scale_accumulator(terms, acc, multiplier, shift, mode), zero_point), low, 127)


def dequantize(terms: Terms, value: Value, scale_bits: int) -> Value:
    """The pattern of `float32(value) * scale`."""
    return floats.multiply(terms, floats.from_int32(terms, value), scale_bits)


def arg_max(terms: Terms, acc: list[Value]) -> Value:
    """The first index that no other accumulator exceeds."""
    action: Value = len(acc) - 1
    for index in reversed(range(len(acc) - 1)):
        largest = terms.all_of([terms.ge(add(acc[index], other, -1)) for other in acc])
        action = terms.select(largest, index, action)
    return action


def softmax_lut(terms: Terms, policy: Policy, acc: list[Value]) -> tuple[list[Value], list[Value]]:
    """Table weights and Q0.15 probabilities modulo 2^16."""
    head = policy.head
    table = policy.tables["exp"].tobytes()
    largest = terms.maximum(acc)
    weights = []
    for value in acc:
        difference = terms.signed(add(largest, value, -1))
        code = requantize(terms, difference, head.multiplier[0], head.shift[0], -128, -128, policy.rounding)
        weights.append(terms.lookup(table, add(code, 128)))
    total = combine(0, [(1, weight) for weight in weights])
    half = terms.floor(total, 1)
    probabilities = [terms.mod(terms.divide(add(half, weight, 1 << 15), total), 16) for weight in weights]
    return weights, probabilities


def deterministic_action(terms: Terms, policy: Policy, acc: list[Value]) -> Value:
    """The code of a continuous policy's action without noise."""
    head = policy.head
    mean = requantize(terms, acc[0], head.multiplier[0], head.shift[0], head.zero_point[0], -128, policy.rounding)
    noise = requantize(terms, 0, head.noise_multiplier, head.noise_shift, 0, -128, policy.rounding)
    index = add(terms.clamp(add(mean, noise), -128, 127), 128)
    return terms.signed(terms.lookup(policy.tables["tanh"].tobytes(), index), 8)
