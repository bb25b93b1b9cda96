"""How far the deterministic continuous action of the int8 program can be from the float32 network's.

Serves `policy.action_agreement` for continuous policies. A code of the mean fixes the int8 action; the leaves of an
error certificate say how far the real mean can be from what that code stands for. tanh is enclosed by decimal
arithmetic (its exponential is correctly rounded), so that the bound rests on no mathematical library.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.cells import Tanh, evaluate_continuous
from tinyverify.engines.certify.certificate import CHUNK, leaf_errors
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.relaxation import affine_range, boxes, exact_numbers, float_logits
from tinyverify.engines.certify.tree import Tree, leaf_boxes
from tinyverify.quantize.fixed_point import exact
from tinyverify.semantics import float32
from tinyverify.semantics.policy import action_bits
from tinyverify.semantics.requantize import requantize

# What the float32 evaluation of tanh and of the product with the action bound may add, relative to the bound.
TANH_ROUNDING = Fraction(1, 1 << 20)
ACTION_BITS = 32
TANH_BITS, TANH_REACH = 8, 12  # the table: steps of 2^-8 up to 12, where tanh is 1 - 7.6e-11
BINS = 2048


def action_difference(policy: Policy, training: Training, pair: Pair, tree: Tree) -> Fraction:
    """A bound on |int8 action - float32 action| over the whole box, in the action's unit; the worst leaf decides."""
    codes, first, last = mean_codes(policy)
    scale, unit = exact(policy.logit_scale[0]), Fraction(1, 1 << pair.unit_bits)
    least, greatest = leaf_errors(pair, tree)
    mean_low, mean_high = _means(pair, tree)
    bound = exact(training.artifact.config.action_bound)
    worst = Fraction(0)
    for low, high, action in zip(first, last, code_actions(policy, codes), strict=True):
        # Leaves on which the int8 logit can lie in this code's range; sums stay below 2^63 (network.py).
        start, end = -((-low * scale) // unit), (high * scale) // unit
        here = _at_most(mean_low + least[:, 0], end) & _at_most(-(mean_high + greatest[:, 0]), -start)
        if not here.any():
            continue
        real_low = max(low * scale - int(greatest[here, 0].max()) * unit, int(mean_low[here].min()) * unit)
        real_high = min(high * scale - int(least[here, 0].min()) * unit, int(mean_high[here].max()) * unit)
        if real_low <= real_high:
            lower, upper = tanh_bounds(real_low)[0] * bound, tanh_bounds(real_high)[1] * bound
            worst = max(worst, action - lower, upper - action)
    return worst + bound * TANH_ROUNDING


@dataclass(frozen=True)
class Lattice:
    """All cells of the lattice: the largest action difference, and the share of the box by difference.

    `within[k]`: the share of the box's volume on whose cells the difference is at most `steps[k]`, at least.
    """

    worst: Fraction
    steps: tuple[Fraction, ...]
    within: tuple[Fraction, ...]
    cells: int


def lattice_difference(policy: Policy, training: Training, pair: Pair, tree: Tree) -> Lattice:
    """Evaluate every cell of the lattice in compiled C, the float32 mean by the leaves' planes (3 inputs: seconds).

    Raises BuildError without a C compiler, TreeError.
    """
    numbers = exact_numbers(pair, np.eye(len(pair.s), dtype=np.int64)[:1])
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    bound = exact(training.artifact.config.action_bound)
    one = Fraction(1, 1 << ACTION_BITS)
    tanh = _tanh_table(bound)
    codes = list(range(-128, 128))
    # Rounded to nearest: half a unit, together with the float32 rounding of tanh, is added at the end.
    action = np.array([round(value / one) for value in code_actions(policy, codes)], np.int64)
    bin_ = ceil(2 * bound / one / BINS) + 1
    histogram, worst, cells = np.zeros(BINS, object), 0, 0
    for start in range(0, len(lows), CHUNK):
        low, high = lows[start : start + CHUNK], highs[start : start + CHUNK]
        planes = float_logits(numbers, boxes(numbers, low, high))
        constants = np.stack([planes.low[:, 0], planes.high[:, 0]])
        most, part = evaluate_continuous(
            policy, pair, low, high, planes.offset[:, 0], constants, tanh, action, bin_, BINS
        )
        histogram += part.astype(object)
        worst = max(worst, most)
        cells += int(np.prod(high - low + 1, axis=1).sum())
    slack = bound * TANH_ROUNDING + one
    whole = int(sum(histogram))
    within = [max(Fraction(0), Fraction(int(n), whole) - pair.sliver) for n in np.cumsum(histogram)]
    steps = [bin_ * (k + 1) * one + slack for k in range(BINS)]
    # Observations whose code is not the rounded one lie in a neighbouring cell, which is evaluated as well.
    return Lattice(worst * one + slack, tuple(steps), tuple(within), cells)


def _tanh_table(bound: Fraction) -> Tanh:
    reach = TANH_REACH << TANH_BITS
    ends = [tanh_bounds(Fraction(k, 1 << TANH_BITS)) for k in range(reach + 1)]
    scale = bound * (1 << ACTION_BITS)
    low, high = ([floor(a * scale) for a, _ in ends], [ceil(b * scale) for _, b in ends])
    top = ceil(scale)
    return Tanh(
        np.array([-top] + [-v for v in high[:0:-1]] + low + [low[-1]], np.int64),
        np.array([-low[-1]] + [-v for v in low[:0:-1]] + high + [top], np.int64),
        reach,
        TANH_BITS,
    )


def mean_codes(policy: Policy) -> tuple[list[int], list[int], list[int]]:
    """The codes of the mean that occur, with the first and last int32 accumulator of each (requantize is monotone)."""
    head = policy.head

    def code(acc: int) -> int:
        return int(
            requantize(np.array([acc]), head.multiplier[0], head.shift[0], head.zero_point[0], mode=policy.rounding)[0]
        )

    codes, first, last = [], [], []
    at, end = -(1 << 31), (1 << 31) - 1
    while at <= end:
        here, low, high = code(at), at, end
        while low < high:  # the last accumulator with this code
            middle = (low + high + 1) // 2
            low, high = (middle, high) if code(middle) == here else (low, middle - 1)
        codes.append(here)
        first.append(at)
        last.append(low)
        at = low + 1
    return codes, first, last


def tanh_bounds(x: Fraction) -> tuple[Fraction, Fraction]:
    """Rationals below and above tanh(x), less than 2^-80 apart."""
    if x < 0:
        low, high = tanh_bounds(-x)
        return -high, -low
    if x > 64:
        return 1 - Fraction(1, 1 << 80), Fraction(1)
    # tanh(x) = 1 - 2 / (exp(2 x) + 1) rises with exp(2 x).
    ends = []
    for rounding, step in ((ROUND_FLOOR, -1), (ROUND_CEILING, 1)):
        context = Context(prec=60, rounding=rounding)
        argument = context.divide(Decimal((2 * x).numerator), Decimal((2 * x).denominator))
        power = Fraction(context.exp(argument)) * (1 + step * Fraction(1, 10**58))
        ends.append(1 - 2 / (power + 1))
    return ends[0], ends[1]


def code_actions(policy: Policy, codes: list[int]) -> list[Fraction]:
    """The int8 action of each code of the mean."""
    tanh = policy.tables["tanh"].astype(np.int64)[np.array(codes) + 128]
    return [exact(value) for value in float32.values_of(action_bits(policy, tanh))]


def _means(pair: Pair, tree: Tree) -> tuple[np.ndarray, np.ndarray]:
    """Range of the float32 mean on each leaf, int64 [leaves]."""
    numbers = exact_numbers(pair, np.eye(len(pair.s), dtype=np.int64)[:1])
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    parts = []
    for start in range(0, len(lows), CHUNK):
        cells = boxes(numbers, lows[start : start + CHUNK], highs[start : start + CHUNK])
        parts.append(affine_range(float_logits(numbers, cells), cells))
    return np.concatenate([low[:, 0] for low, _ in parts]), np.concatenate([high[:, 0] for _, high in parts])


def _at_most(values: np.ndarray, limit: int) -> np.ndarray:
    """`values <= limit` for an integer of any size."""
    return values <= min(max(int(limit), -(1 << 62)), 1 << 62)
