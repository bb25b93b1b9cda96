"""A real scale as an int32 multiplier and a right shift, in exact rational arithmetic.

Serves `requantize.multiplier_exact`, which states the error of this rounding.
"""

from __future__ import annotations

from fractions import Fraction

from tinyverify.semantics.requantize import MULTIPLIER_MAX, MULTIPLIER_MIN, SHIFT_MAX


def exact(value: float) -> Fraction:
    """The rational number that a float32 or float64 `value` is."""
    return Fraction(float(value))


def fixed_point(scale: Fraction) -> tuple[int, int]:
    """`(multiplier, shift)` with multiplier in [2^30, 2^31) and multiplier / 2^(31 + shift) nearest to `scale`.

    `scale` in (0, 1), and at least 2^-32. Raises ValueError outside: a left shift is not part of the contract.
    """
    if not 0 < scale < 1:
        raise ValueError(f"scale {float(scale):g} lies outside (0, 1)")
    shift = 0
    while scale * 2 ** (shift + 1) < 1:
        shift += 1
    multiplier = round(scale * 2 ** (31 + shift))
    if multiplier > MULTIPLIER_MAX:  # rounded up to 2^31
        if not shift:
            raise ValueError(f"scale {float(scale):g} is closer to 1 than a multiplier can say")
        multiplier, shift = MULTIPLIER_MIN, shift - 1
    if shift > SHIFT_MAX:
        raise ValueError(f"scale {float(scale):g} is below 2^-32")
    return multiplier, shift
