"""How far the int8 tables of the heads are from exp, tanh and the normal quantile, in exact rationals.

Serves `softmax_lut.table_error`, `sample.table_errors`. exp and tanh are enclosed by decimal arithmetic (softmax.py,
continuous.py); the normal distribution function by the partial sums of its alternating series (Abramowitz and Stegun,
26.2.10), whose remainder is below the first term left out once terms fall. Units are codes of each table; half a code
is what rounding must cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.certify.continuous import tanh_bounds
from tinyverify.engines.certify.softmax import exp_bounds
from tinyverify.quantize.fixed_point import exact

# sqrt(2 pi) to 60 decimals either way, from pi's; a test holds pi against the decimal module's arithmetic (Machin).
PI_DIGITS = 3141592653589793238462643383279502884197169399375105820974944
_ONE = 10**60
_BITS = 160


@dataclass(frozen=True)
class TableErrors:
    """Largest distance of any entry to what it stands for, in codes of its table, at most.

    `std`: of exp(log_std); `tanh`: of 127 tanh(mean); `quantile`: of the normal quantile at (k + 1/2) / 256 for word k.
    `tail`: probability, on each side, of noise beyond the first and the last quantile.
    """

    std: Fraction
    tanh: Fraction
    quantile: Fraction
    tail: Fraction


def table_errors(policy: Policy) -> TableErrors:
    """Over all 256 entries of each table; entries clip at the ends of int8, which counts as error."""
    head, tables = policy.head, {name: table.astype(np.int64) for name, table in policy.tables.items()}
    mean_scale, log_std_scale = (exact(scale) for scale in head.output_scale)
    std_scale, gauss_scale = exact(head.std_scale), exact(head.gauss_scale)
    std, tanh, quantile = [], [], []
    for code in range(-128, 128):
        log_std = (code - head.zero_point[1]) * log_std_scale
        low, high = _exp(log_std)
        std.append(_distance(int(tables["std"][code + 128]), low / std_scale, high / std_scale))
        low, high = (127 * bound for bound in tanh_bounds((code - head.zero_point[0]) * mean_scale))
        tanh.append(_distance(int(tables["tanh"][code + 128]), low, high))
        wanted = Fraction(2 * (code + 128) + 1, 512)
        quantile.append(_quantile_distance(int(tables["gauss"][code + 128]), gauss_scale, wanted))
    reach = min(-int(tables["gauss"][0]), int(tables["gauss"][-1])) * gauss_scale
    return TableErrors(max(std), max(tanh), max(quantile), 1 - normal_bounds(reach)[0])


def softmax_error(policy: Policy) -> Fraction:
    """Of the softmax table, in its codes: largest distance of an entry to 127 exp(-difference), at most."""
    step, table = exact(policy.head.difference_scale), policy.tables["exp"].astype(np.int64)
    ends = [[127 * bound for bound in exp_bounds(k * step)] for k in range(256)]
    return max(_distance(int(entry), low, high) for entry, (low, high) in zip(table, ends, strict=True))


def normal_bounds(x: Fraction) -> tuple[Fraction, Fraction]:
    """Rationals below and above the standard normal distribution function at |x| <= 4, less than 2^-100 apart."""
    if x < 0:
        low, high = normal_bounds(-x)
        return 1 - high, 1 - low
    if x > 4:
        raise ValueError(f"the series is summed for |x| <= 4, not {float(x):g}")
    # integral of exp(-t^2 / 2) from 0 to x = sum over n of (-1)^n x^(2n+1) / (2^n n! (2n + 1)), in 2^-_BITS
    power, total, n = _fixed(x), 0, 0
    square = _fixed(x * x)
    while True:
        term = power // (2 * n + 1)
        if term == 0 and n > 32:  # x^2 / (2 n) < 1 from here on: terms fall
            break
        total += -term if n % 2 else term
        n += 1
        power = (power * square >> _BITS) // (2 * n)
    # Powers stay below 4 e^8 < 2^14, so a step loses less than 2^15 units; later steps enlarge that at most e^8 < 2^12
    # times. Less than 2^7 steps in each of less than 2^7 terms: below 2^41 units, and the remainder is one more.
    slack = 1 << 48
    root_low, root_high = _root_two_pi()
    low, high = Fraction(total - slack, 1 << _BITS), Fraction(total + slack, 1 << _BITS)
    return Fraction(1, 2) + low / root_high, Fraction(1, 2) + high / root_low


def _quantile_distance(entry: int, scale: Fraction, wanted: Fraction) -> Fraction:
    """The least d in 2^-12 codes, up to 256, with the quantile at `wanted` surely within d codes of `entry`."""
    least, most = 0, 256 << 12  # as rising d widens the range, the least one is found by halving
    while least < most:
        middle = (least + most) // 2
        d = Fraction(middle, 1 << 12)
        low, high = (max(min(end * scale, Fraction(4)), Fraction(-4)) for end in (entry - d, entry + d))
        if normal_bounds(low)[1] <= wanted <= normal_bounds(high)[0]:
            most = middle
        else:
            least = middle + 1
    return Fraction(least, 1 << 12)


def _distance(entry: int, low: Fraction, high: Fraction) -> Fraction:
    return max(abs(entry - low), abs(entry - high))


def _exp(x: Fraction) -> tuple[Fraction, Fraction]:
    """Bounds of exp(x) for either sign."""
    if x <= 0:
        return exp_bounds(-x)
    low, high = exp_bounds(x)
    return 1 / high, 1 / low


def _root_two_pi() -> tuple[Fraction, Fraction]:
    below, above = 2 * PI_DIGITS * _ONE, 2 * (PI_DIGITS + 1) * _ONE
    return Fraction(isqrt(below), _ONE), Fraction(isqrt(above) + 1, _ONE)


def _fixed(x: Fraction) -> int:
    return (x.numerator << _BITS) // x.denominator
