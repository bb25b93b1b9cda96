"""Float32 operations as atoms on 32-bit patterns, and their values.

Serves `kernel.object_code`. Operations (arguments and results are signed words):
"multiply": round to nearest even, flush to zero of inputs and of results that are tiny before rounding, default NaN:
the standard FPSCR of MVE. "from_int32": int32 to float32, to nearest even. "to_int32": float32 to int32, to nearest,
ties to even, saturating, NaN to 0. With the FPSCR after reset (to nearest even, subnormals kept, NaNs handed on):
"multiply_scalar", "add_scalar", "subtract_scalar", and "to_int32_zero", towards zero. Each is evaluated here in numpy
and co-simulated against the emulator.
"""

from __future__ import annotations

import numpy as np

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.linear import Value, add, single
from tinyverify.engines.machine_code.terms import SIGN, Terms

EXPONENT, MAGNITUDE, QUIET = 0x7F800000, 0x7FFFFFFF, 1 << 22
DEFAULT_NAN = 0x7FC00000
SMALLEST_NORMAL = 2.0**-126
BIAS = 127
SCALE_EXPONENTS = range(BIAS - 40, BIAS + 41)


def multiply(terms: Terms, a: Value, b: Value) -> Value:
    """The product with MVE's standard FPSCR."""
    return _operation(terms, "multiply", *sorted((a, b), key=terms.ref))


def from_int32(terms: Terms, value: Value) -> Value:
    """float32(value)."""
    return _operation(terms, "from_int32", value)


def to_int32(terms: Terms, value: Value) -> Value:
    """Nearest int32."""
    return _operation(terms, "to_int32", value)


def to_int32_zero(terms: Terms, value: Value) -> Value:
    """The integer towards zero."""
    return _operation(terms, "to_int32_zero", value)


def add_scalar(terms: Terms, a: Value, b: Value) -> Value:
    """The sum with the FPSCR after reset."""
    return _operation(terms, "add_scalar", a, b)


def subtract_scalar(terms: Terms, a: Value, b: Value) -> Value:
    """The difference with the FPSCR after reset."""
    return _operation(terms, "subtract_scalar", a, b)


def multiply_scalar(terms: Terms, a: Value, b: Value) -> Value:
    """The product with the FPSCR after reset.

    That is the product with MVE's for an integer's float by a scale in [2^-40, 2^40], which is 0 or at least 2^-40 in
    magnitude, at most 2^72, and never NaN.
    """
    for integer, scale in ((a, b), (b, a)):
        one = None if isinstance(integer, int) else single(integer)
        is_integer = one is not None and one[1:] == (1, 0) and terms.atoms[one[0]].operation == "from_int32"
        if is_integer and isinstance(scale, int) and scale >> 23 in SCALE_EXPONENTS:
            return multiply(terms, a, b)
    if isinstance(a, int) and isinstance(b, int) and all(_ordinary(x) for x in (a, b, multiply(terms, a, b))):
        return multiply(terms, a, b)
    return _operation(terms, "multiply_scalar", a, b)


def is_nan(terms: Terms, pattern: Value) -> Condition:
    """Whether the signed word `pattern` is a NaN."""
    return terms.ge(add(terms.mod(pattern, 31), -EXPONENT - 1))


def order(terms: Terms, pattern: Value) -> Value:
    """An integer that is ordered as the floats are, the same for both zeros; for patterns that are no NaN."""
    return terms.select(terms.ge(pattern), pattern, add(-SIGN, pattern, -1))


def _ordinary(pattern: int) -> bool:
    """Neither subnormal, zero, infinite nor NaN."""
    return 0 < pattern >> 23 & 255 < 255


def expand_immediate(imm8: int) -> int:
    """VFPExpandImm for float32."""
    exponent = (0x7C if imm8 & 0x40 else 0x80) | imm8 >> 4 & 3
    return (imm8 >> 7) << 31 | exponent << 23 | (imm8 & 15) << 19


def _operation(terms: Terms, name: str, *values: Value) -> Value:
    if all(isinstance(value, int) for value in values):
        arrays = [np.array([value], np.int64) for value in values]
        return int(OPERATIONS[name](*arrays)[0])
    return terms.float_operation(name, *values)


def _floats(patterns: np.ndarray) -> np.ndarray:
    return (patterns & 0xFFFFFFFF).astype(np.uint32).view(np.float32)


def _patterns(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32).view(np.int32).astype(np.int64)


def _flushed(patterns: np.ndarray) -> np.ndarray:
    return np.where(patterns & EXPONENT, patterns, patterns & -SIGN)


def _multiply(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = _flushed(a), _flushed(b)
    with np.errstate(all="ignore"):
        exact = _floats(a).astype(np.float64) * _floats(b).astype(np.float64)  # 48 bits: exact in float64
        product = _patterns(exact)
    sign = (a ^ b) & -SIGN
    product = np.where(np.abs(exact) < SMALLEST_NORMAL, sign, product)
    return np.where(np.isnan(exact), DEFAULT_NAN, product)


def _with_nans(a: np.ndarray, b: np.ndarray, result: np.ndarray) -> np.ndarray:
    """`result`, with FPProcessNaNs: the first signalling operand, else the first quiet one, made quiet."""
    found = np.where((result & MAGNITUDE) > EXPONENT, DEFAULT_NAN, result)
    for quiet in (True, False):  # what comes later takes precedence
        for operand in (b, a):
            taken = ((operand & MAGNITUDE) > EXPONENT) & ((operand & QUIET != 0) == quiet)
            found = np.where(taken, operand | QUIET, found)
    return found


def _multiply_scalar(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return _with_nans(a, b, _patterns(_floats(a).astype(np.float64) * _floats(b).astype(np.float64)))


def _add_scalar(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return _with_nans(a, b, _patterns(_floats(a) + _floats(b)))


def _subtract_scalar(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return _with_nans(a, b, _patterns(_floats(a) - _floats(b)))


def _to_int32_zero(pattern: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        value = _floats(pattern).astype(np.float64)
    whole = np.where(np.isnan(value), 0.0, np.trunc(value))
    return np.clip(whole, -float(SIGN), float(SIGN - 1)).astype(np.int64)


def _from_int32(value: np.ndarray) -> np.ndarray:
    return _patterns(value.astype(np.float64))  # float64 holds every int32, so this rounds once


def _to_int32(pattern: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        value = _floats(_flushed(pattern)).astype(np.float64)
    rounded = np.where(np.isnan(value), 0.0, np.rint(value))
    return np.clip(rounded, -float(SIGN), float(SIGN - 1)).astype(np.int64)


OPERATIONS = {
    "multiply": _multiply,
    "multiply_scalar": _multiply_scalar,
    "add_scalar": _add_scalar,
    "subtract_scalar": _subtract_scalar,
    "from_int32": _from_int32,
    "to_int32": _to_int32,
    "to_int32_zero": _to_int32_zero,
}
