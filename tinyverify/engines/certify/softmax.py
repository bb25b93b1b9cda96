"""How far the distribution that a discrete policy samples can be from the softmax of its int8 logits.

Serves `policy.sampling_distance`. Exhaustive over the table's 256 codes, each with the whole range of differences of
accumulators that gives it; the exponential is enclosed by decimal arithmetic. For weights e[i] / e[0] and exp(-x[i]),
each within eta of one another, with sums of at least 1, the total variation is at most (actions - 1) * eta. For two
and three actions all combinations of codes are compared: each probability is monotone in each weight, so the total
variation, a maximum over events, is largest at an end of each code's range. What float32 logits would have given is not
covered: policy.logit_error bounds those.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.quantize.fixed_point import exact
from tinyverify.semantics.requantize import requantize

DIFFERENCE_MAX = (1 << 31) - 1


@dataclass(frozen=True)
class Distance:
    """Total variation to the real softmax, at most, of the sampled action and of the Q0.15 probabilities.

    `weight`: the largest difference of one weight, relative to the largest action's.
    """

    sampled: Fraction
    probabilities: Fraction
    weight: Fraction


def exp_bounds(x: Fraction) -> tuple[Fraction, Fraction]:
    """Rationals below and above exp(-x) for x >= 0."""
    ends = []
    for rounding, step in ((ROUND_FLOOR, -1), (ROUND_CEILING, 1)):
        context = Context(prec=40, rounding=rounding)
        argument = context.divide(Decimal(-x.numerator), Decimal(x.denominator))
        # exp is rounded to nearest whatever the context says: one unit of its 40 digits covers that.
        ends.append(max(Fraction(0), Fraction(context.exp(argument)) * (1 + step * Fraction(1, 10**38))))
    return ends[0], ends[1] + Fraction(1, 1 << 200)


def softmax_distance(policy: Policy) -> Distance:
    """Bounds for every difference of accumulators, 0 .. 2^31 - 1, and so for every input."""
    scale = exact(policy.logit_scale[0])
    table = policy.tables["exp"].astype(np.int64)
    top = Fraction(int(table[0]))
    actions = policy.outputs
    if top <= 0:
        return Distance(Fraction(1), Fraction(1), Fraction(1))
    have, real = [], []
    for code, first, last in _codes(policy):
        for bound in (exp_bounds(first * scale)[1], exp_bounds(last * scale)[0]):
            have.append(Fraction(int(table[code + 128])) / top)
            real.append(bound)
    eta = max(abs(a - b) for a, b in zip(have, real, strict=True))
    if actions == 2:
        ideal = max(abs(a - b) / ((1 + a) * (1 + b)) for a, b in zip(have, real, strict=True))
    elif actions == 3:
        ideal = _three(np.array(have, float), np.array(real, float)) + Fraction(1, 10**9)  # far above float64's error
    else:
        ideal = min(Fraction(1), (actions - 1) * eta)
    # A draw moves each cumulated weight by less than S / 2^32; Q0.15 rounds each probability by at most 2^-16.
    return Distance(ideal + Fraction(actions, 1 << 32), ideal + Fraction(actions, 1 << 17), eta)


def _three(have: np.ndarray, real: np.ndarray) -> Fraction:
    """The largest total variation between (1, have[i], have[j]) and (1, real[i], real[j]), each scaled to sum 1."""
    total, ideal = 1 + have[:, None] + have, 1 + real[:, None] + real
    parts = (1 / total - 1 / ideal, have[:, None] / total - real[:, None] / ideal, have / total - real / ideal)
    return Fraction(float((sum(np.abs(part) for part in parts) / 2).max()))


def _codes(policy: Policy) -> list[tuple[int, int, int]]:
    """(code, first, last): the codes of differences 0 .. 2^31 - 1, in order (requantize is monotone)."""

    def code(difference: int) -> int:
        args = policy.head.multiplier[0], policy.head.shift[0], -128
        return int(requantize(np.array([difference]), *args, mode=policy.rounding)[0])

    parts, at = [], 0
    while at <= DIFFERENCE_MAX:
        here, low, high = code(at), at, DIFFERENCE_MAX
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if code(middle) == here else (low, middle - 1)
        parts.append((here, at, low))
        at = low + 1
    return parts
