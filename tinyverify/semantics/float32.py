"""IEEE-754 binary32 in integers: the multiplication and the conversion that the float borders use.

Serves `quantize_f32.*` and `dequantize.*`. Works on bit patterns, so that the reference does not rest on the
host's floating point. Rounding is to nearest, ties to even. Results that would be subnormal are flushed to
zero, as MVE does; docs/semantics.md says why no int8 code depends on it.
"""

from __future__ import annotations

import numpy as np

SIGN, EXPONENT, FRACTION = 0x80000000, 0x7F800000, 0x007FFFFF
HIDDEN = 1 << 23
BIAS = 127


def is_nan(bits: np.ndarray) -> np.ndarray:
    """Which uint32 patterns (as int64) are NaN."""
    return (bits & ~SIGN) > EXPONENT


def is_infinite(bits: np.ndarray) -> np.ndarray:
    """Which uint32 patterns (as int64) are an infinity."""
    return (bits & ~SIGN) == EXPONENT


def bits_of(values: np.ndarray) -> np.ndarray:
    """The patterns of float32 `values` as int64 in [0, 2^32)."""
    return np.ascontiguousarray(values, np.float32).view(np.uint32).astype(np.int64)


def values_of(bits: np.ndarray) -> np.ndarray:
    """The float32 values of patterns held in int64."""
    return np.asarray(bits, np.int64).astype(np.uint32).view(np.float32)


def shift_right_even(value: np.ndarray, count: np.ndarray | int) -> np.ndarray:
    """`value / 2^count` to nearest, ties to even; `value` >= 0, `count` >= 0 (62 and more behave as 62)."""
    count = np.minimum(np.asarray(count, np.int64), 62)
    floor = value >> count
    rest = value - (floor << count)
    half = (np.int64(1) << count) >> 1
    up = (rest > half) | ((rest == half) & (count > 0) & ((floor & 1) == 1))
    return floor + up


def multiply(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The pattern of `a * b` for patterns `a` (any but NaN) and `b` (normal, positive), flushing subnormals.

    An overflow gives an infinity. Shapes broadcast; int64 in and out.
    """
    sign = (a ^ b) & SIGN
    exponent_a, exponent_b = (a & EXPONENT) >> 23, (b & EXPONENT) >> 23
    product = ((a & FRACTION) | HIDDEN) * ((b & FRACTION) | HIDDEN)  # in [2^46, 2^48)
    long = (product >> 47) & 1
    mantissa = shift_right_even(product, 23 + long)  # in [2^23, 2^24]
    carry = mantissa >> 24
    exponent = exponent_a + exponent_b - BIAS + long + carry
    pattern = (exponent << 23) | ((mantissa >> carry) & FRACTION)
    pattern = np.where(exponent >= 255, EXPONENT, pattern)
    pattern = np.where((exponent <= 0) | (exponent_a == 0), 0, pattern)
    return sign | np.where(is_infinite(a), EXPONENT, pattern)


def from_int32(value: np.ndarray) -> np.ndarray:
    """The pattern of float32(`value`) for int32 values held in int64."""
    value = np.asarray(value, np.int64)
    magnitude = np.abs(value)
    width = np.zeros_like(magnitude)  # bit length of magnitude, at most 32
    for step in (16, 8, 4, 2, 1):
        more = magnitude >> width >= np.int64(1) << step
        width = width + step * more
    top = width  # index of the leading one
    mantissa = np.where(
        top > 23, shift_right_even(magnitude, np.maximum(top - 23, 0)), magnitude << np.maximum(23 - top, 0)
    )
    carry = mantissa >> 24
    exponent = BIAS + top + carry
    pattern = (exponent << 23) | ((mantissa >> carry) & FRACTION)
    return np.where(magnitude == 0, 0, np.where(value < 0, SIGN, 0) | pattern)


def round_to_int(bits: np.ndarray, limit: int) -> np.ndarray:
    """Nearest integer (ties to even) of patterns that are not NaN, saturated to [-limit, limit], limit < 2^22."""
    exponent = ((bits & EXPONENT) >> 23) - BIAS
    mantissa = (bits & FRACTION) | HIDDEN
    small = shift_right_even(mantissa, np.maximum(23 - exponent, 0))
    # Below exponent -1 the value is under one half; at 22 and above it is past every limit.
    magnitude = np.where(exponent < -1, 0, np.where(exponent >= 22, limit, np.minimum(small, limit)))
    return np.where(bits & SIGN, -magnitude, magnitude)
