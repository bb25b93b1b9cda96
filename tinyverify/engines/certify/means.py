"""Between which float32 means a continuous action stays close to the int8 program's, and on which leaves it does.

Serves `policy.action_agreement` of continuous policies. A code of the mean fixes the int8 action, and so an interval of
float32 means; a leaf of the tree has a range of accumulators and a bound on the error of the mean
(`TinyVerify.Cell.errorHigh`). A band names such a range and the error that all its codes allow. Python's integers, as
Lean's kernel will evaluate them; no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import atanh, ceil, floor

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.continuous import code_actions, mean_codes
from tinyverify.engines.certify.lean_search import half_bounds
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import BOUND_BITS, CODES, ONE, Output, Plan, leaf_errors
from tinyverify.engines.certify.relaxation import float_numbers
from tinyverify.engines.certify.search import Budget, cut_axis, grow
from tinyverify.engines.certify.sides import Decided, Half
from tinyverify.engines.certify.tree import Tree
from tinyverify.quantize.fixed_point import exact

TANH_ROUNDING = Fraction(1, 1 << 20)  # of the bound: what float32 arithmetic may add, as `TinyVerify.TanhAction` says
ANYWHERE = 1 << 60  # 2^-20 logits: no limit on the mean
MARGIN = 4  # 2^-20 logits, for the sums that Lean cuts off
BANDS = 24
SHARPNESS = 3.0  # how fast the value of a leaf falls with the ratio of its error to what is allowed


@dataclass(frozen=True)
class MeanTable:
    """Codes of the mean that occur, and between which float32 means (2^-20 logits) the actions are close.

    `unit`: a mean of the int8 program is an accumulator times this; `base`: the accumulator where all hidden codes are
    least. Per code `first`, `last` accumulator; `low`, `high` float32 mean; `above`, `below`: how far that may lie
    above and below the accumulator times `unit`, negative where a code is too wide for the tolerance.
    """

    unit: Fraction
    base: int
    first: list[int]
    last: list[int]
    low: list[int]
    high: list[int]
    above: np.ndarray
    below: np.ndarray

    def allowed(self, start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The least `above` and `below` of the codes from `start` to `stop`, both ends inside."""
        n = len(self.first)
        rows = np.arange(n)
        ends = []
        for values in (self.above, self.below):
            wide = np.where(rows[:, None] <= rows, values[None], ANYWHERE)  # [start, stop]
            ends.append(np.minimum.accumulate(wide, axis=1)[start, stop])
        return ends[0], ends[1]


@dataclass(frozen=True)
class Band:
    """`TinyVerify.Band`: codes from `start` to `stop`, both inside, and the error that they all allow."""

    start: int
    stop: int
    above: int
    below: int


def mean_plan(plan: Plan) -> Plan:
    """The plan of two outputs: the int8 mean less the float32 one, and the int8 accumulator of the mean."""
    error = plan.outputs[0]
    units = tuple(replace(unit, s=(unit.s[0], unit.s[0] // error.a1), v=(unit.v[0], 0)) for unit in plan.units)
    return replace(plan, units=units, outputs=(error, Output(1, 0, 1)))


def mean_table(policy: Policy, training: Training, tolerance: Fraction) -> MeanTable:
    """Which float32 means keep the actions within `tolerance`, code by code; ends are rounded inwards."""
    codes, first, last = mean_codes(policy)
    bound, unit = exact(training.artifact.config.action_bound), exact(policy.logit_scale[0])
    most = tolerance - TANH_ROUNDING * bound
    low, high, above, below = [], [], [], []
    for action, start, end in zip(code_actions(policy, codes), first, last, strict=True):
        low.append(-_highest(-(action - most) / bound))
        high.append(_highest((action + most) / bound))
        above.append(min(ANYWHERE, high[-1] - ceil(end * unit * (1 << BOUND_BITS))))
        below.append(min(ANYWHERE, floor(start * unit * (1 << BOUND_BITS)) - low[-1]))
    hidden, outputs = policy.layers
    base = int(outputs.bias[0]) + hidden.output_zero_point * int(outputs.weight[0].astype(np.int64).sum())
    return MeanTable(unit, base, first, last, low, high, np.array(above), np.array(below))


def _highest(t: Fraction) -> int:
    """A mean in 2^-20 logits up to which tanh is at most `t`."""
    if t >= 1:
        return ANYWHERE
    return floor(atanh(float(t)) * (1 << BOUND_BITS)) - MARGIN


def search_means(pair: Pair, table: MeanTable, budget: Budget) -> Tree:
    """A tree on whose leaves the error of the mean is as small as their codes ask for, as far as the budget allows."""
    both = float_numbers(pair, np.eye(len(pair.s), dtype=np.int64)[:1])
    code = replace(both, v=0 * both.v, v_const=0 * both.v_const, v_slack=0 * both.v_slack)
    unit, fine = float(table.unit), float(1 << BOUND_BITS)
    first, last = (np.array(side, np.float64) * unit for side in (table.first, table.last))

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        error, own = half_bounds(both, low, high), half_bounds(code, low, high)
        start = np.minimum(np.searchsorted(last, own.low[:, 0]), len(last) - 1)
        stop = np.maximum(np.searchsorted(first, own.high[:, 0], side="right") - 1, start)
        above, below = (np.maximum(side, 1) for side in table.allowed(start, stop))
        ratio = np.maximum(-error.low[:, 0] * fine / above, error.high[:, 0] * fine / below)
        value = np.prod(high - low + 1.0, axis=1) * np.maximum(ratio, 1.0) ** -SHARPNESS
        return value * (ratio > 1 - 1e-6), cut_axis(both, low, high, error.loose[:, 0], error.direct[:, 0])

    return grow(pair, budget, rate)


def decide_means(plan: Plan, table: MeanTable, low: np.ndarray, high: np.ndarray) -> tuple[list[Band], list[Decided]]:
    """Bands, and what each box of codes [N, d] has of them: one band on the whole box, or nothing."""
    errors = leaf_errors(plan, low + CODES, high + CODES)
    above, below, least, most = _leaf_ranges(plan, table, *errors)
    start = np.minimum(np.searchsorted(np.array(table.last, object), least), len(table.last) - 1)
    stop = np.maximum(np.searchsorted(np.array(table.first, object), most, side="right") - 1, start)
    size = np.prod(high - low + 1.0, axis=1)
    bands, chosen = _bands(table, start, stop, above, below, size)
    decided = [Decided()] * len(low)
    for leaf in np.flatnonzero(chosen >= 0):
        cells = int(np.multiply.reduce((high[leaf] - low[leaf] + 1).astype(object)))
        decided[leaf] = Decided((Half((0,) * low.shape[1], 0, int(chosen[leaf])),), cells)
    return bands, decided


def _leaf_ranges(plan: Plan, table: MeanTable, highs: np.ndarray, lows: np.ndarray) -> tuple[np.ndarray, ...]:
    """Per leaf: the error from below and above (2^-20 logits), the least and the largest accumulator."""
    error = plan.outputs[0]
    rest, step, code = sum_rest(error), 2 * error.unit << (149 - BOUND_BITS), 2 * plan.rho * plan.theta
    below = -(-(plan.scale * error.den * highs[:, 0] + error.constant + rest) // step)
    above = -(-(plan.scale * error.den * lows[:, 0] - error.constant + rest) // step)
    return above, below, table.base - lows[:, 1] // code, table.base + highs[:, 1] // code


def sum_rest(error: Output) -> int:
    """What float32 arithmetic in the last layer may add to twice the error, in the output's unit."""
    return 2 * (error.unit // ONE) * error.sum_error


def _bands(
    table: MeanTable, start: np.ndarray, stop: np.ndarray, above: np.ndarray, below: np.ndarray, size: np.ndarray
) -> tuple[list[Band], np.ndarray]:
    """At most BANDS bands, always the one that decides most, and the band of each leaf, -1 for none."""
    end = len(table.first) - 1
    ends = [(0, end)] + [(int(a), end) for a in np.unique(start)] + [(0, int(b)) for b in np.unique(stop)]
    candidates = np.array(sorted(set(ends)))
    most_above, most_below = table.allowed(candidates[:, 0], candidates[:, 1])
    fits = (
        (candidates[:, :1] <= start) & (stop <= candidates[:, 1:]) & (np.minimum(most_above, most_below) >= 0)[:, None]
    )
    fits &= (above <= most_above[:, None].astype(object)) & (below <= most_below[:, None].astype(object))
    bands, chosen = [], np.full(len(start), -1)
    while len(bands) < BANDS:
        gain = (fits & (chosen < 0)) @ size
        best = int(np.argmax(gain))
        if gain[best] == 0:
            break
        own = fits[best] & (chosen < 0)
        chosen[own] = len(bands)
        ends = np.array([start[own].min()]), np.array([stop[own].max()])  # no more codes than its leaves have
        bands.append(Band(*(int(value[0]) for value in (*ends, *table.allowed(*ends)))))
    return bands, chosen
