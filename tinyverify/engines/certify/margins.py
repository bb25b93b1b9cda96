"""Where the order of two actions is the same in both networks, in the integers that Lean's kernel will evaluate.

Serves `policy.action_agreement` of discrete policies. `make_judge` gives the plan that `TinyVerify.Judge` asks for;
`forms` the affine bounds of every pair of actions on boxes of codes, `least_limit` from where on along a plane such a
bound suffices (`TinyVerify.At.code_side`, `float_side`). Python's integers; no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.plan import ONE, TINY, Output, Plan, as_integer, leaf_units, tables, twos, up


@dataclass(frozen=True)
class Judge:
    """The plan of all pairs of actions: int8 accumulators and then float32 logits of the second less the first.

    `pairs`: (i, j), i < j, in Lean's order. `highs`, `lows`: what twice each output, and its negative, must not exceed
    for i, and for j, to win.
    """

    plan: Plan
    actions: int
    highs: tuple[int, ...]
    lows: tuple[int, ...]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return sorted(combinations(range(self.actions), 2), key=lambda pair: pair[::-1])


@dataclass(frozen=True)
class Row:
    """One bound of one pair on N boxes, from above or below: `base + slope @ z + rest <= limit` decides the pair.

    Where `limit <= c . n`, nu times `c * scaled @ z + moved(c) - rho * limit` may be added. Python integers:
    `base`, `rest` [N]; `slope`, `low`, `high` (the range of z) [N, d]; `scaled` [d].
    """

    base: np.ndarray
    slope: np.ndarray
    rest: np.ndarray
    limit: int
    low: np.ndarray
    high: np.ndarray
    scaled: np.ndarray
    offset: np.ndarray | None  # [2, d]: range of what observations add to c . n, for float32 rows
    rho: int

    def taken(self, rows: np.ndarray) -> Row:
        """The row on some of its boxes."""
        parts = {name: getattr(self, name)[rows] for name in ("base", "slope", "rest", "low", "high")}
        return replace(self, **parts)

    def least(self) -> np.ndarray:
        """`base + slope @ z + rest - limit` [N] at most: decided without a plane where this is not positive."""
        return self.base + _largest(self.slope, self.low, self.high) + self.rest - self.limit


def make_judge(policy: Policy, training: Training, plan: Plan) -> Judge:
    """What `TinyVerify.Plan.ordersOk` asks for."""
    hidden, last = policy.layers
    out_weight, out_bias = training.actor[1]
    terms, step = len(plan.units) + 1, plan.phi * ONE
    outputs, columns, highs, lows = [], [], [], []

    def base(k: int) -> int:
        return int(last.bias[k]) + hidden.output_zero_point * int(last.weight[k].astype(np.int64).sum())

    def sum_error(k: int) -> int:
        size = sum(abs(as_integer(v)) * h for v, h in zip(out_weight[k], plan.reaches, strict=True))
        return up(terms * (abs(ONE * as_integer(out_bias[k])) + size) + 4 * terms * TINY, (1 << 24) - terms)

    judge = Judge(plan, policy.outputs, (), ())
    for a, b in judge.pairs:
        w = [int(y) - int(x) for x, y in zip(last.weight[a], last.weight[b], strict=True)]
        columns.append((w, [0] * len(w)))
        outputs.append(Output(1, 0, 1))
        apart = 2 * plan.rho * plan.theta * (base(b) - base(a))
        highs.append(-1 - apart)
        lows.append(-1 + apart)
        v = [as_integer(x) - as_integer(y) for x, y in zip(out_weight[a], out_weight[b], strict=True)]
        den = 1 << min((twos(x) for x in v if x), default=0)
        columns.append(([0] * len(v), [x // den for x in v]))
        error = max(sum_error(a), sum_error(b))
        outputs.append(Output(0, 1, den, error))
        bias = ONE * (as_integer(out_bias[b]) - as_integer(out_bias[a]))
        highs.append(-(2 * step * (bias + 2 * error) + 1) // (plan.scale * den))
        lows.append(-(2 * step * (-bias + 2 * error) + 1) // (plan.scale * den))
    units = tuple(
        replace(unit, s=tuple(s[j] for s, _ in columns), v=tuple(v[j] for _, v in columns))
        for j, unit in enumerate(plan.units)
    )
    plan = replace(plan, units=units, outputs=tuple(outputs), sides=True)
    return replace(judge, plan=plan, highs=tuple(highs), lows=tuple(lows))


def forms(judge: Judge, low: np.ndarray, high: np.ndarray) -> dict[tuple[int, int], tuple[Row, Row]]:
    """For each ordered pair (winner, other) its int8 and its float32 row on boxes of codes [N, d], counted from 0."""
    plan, table = judge.plan, tables(judge.plan)
    low, high = low.astype(object), high.astype(object)
    units = leaf_units(plan, table, low, high)
    inv, err, edge = (np.array([getattr(a, name) for a in plan.axes], object) for name in ("inv", "err", "low"))
    ones, offset = 0 * inv + 1, np.stack([edge, edge + 2 * err])
    found = {}
    for r, (a, b) in enumerate(judge.pairs):
        k, f = 2 * r, 2 * r + 1
        code = plan.rho * (units.slope @ table.e_slope[k].T), plan.rho * (units.slope @ table.code_constant[k])
        logit = units.slope @ table.x_slope[f].T, units.slope @ table.constant[f]
        float_rest = units.above + units.apart
        code_rest = units.live @ table.rounding[k] + units.excess @ table.twice[k]
        for turn, order, limits, change in (
            (1, (a, b), judge.highs, table.change_up),
            (-1, (b, a), judge.lows, table.change_down),
        ):
            found[order] = (
                Row(turn * code[1], turn * code[0], code_rest + units.above @ change[k], limits[k],
                    low, high, plan.rho * ones, None, plan.rho),
                Row(turn * logit[1], turn * logit[0], float_rest @ change[f] + table.floating[f], limits[f],
                    units.x_low, units.x_high, inv, offset, plan.rho),
            )  # fmt: skip
    return found


def least_limit(row: Row, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per box the least limit of `c . n` from which on the row is decided, and the multiplier for it.

    `c` [N, d]. Python integers [N]; the multiplier is 0, and the limit None, where the row is decided everywhere.
    """
    coefficient = c * row.scaled
    size = np.where(coefficient == 0, 1, coefficient)
    candidates = np.where(coefficient == 0, 0, -row.slope // size)  # where one axis drops out the bound bends
    moved = 0 if row.offset is None else _largest(-c, row.offset[0], row.offset[1])
    best, multiplier = np.full(len(c), None, object), np.zeros(len(c), object)
    for nu in np.maximum(candidates, 1).T:
        bound = row.base + _largest(row.slope + nu[:, None] * coefficient, row.low, row.high) + row.rest - row.limit
        limit = -(-(bound + nu * moved) // (nu * row.rho))
        better = np.array([b is None or x < b for b, x in zip(best, limit, strict=True)], bool)
        best, multiplier = np.where(better, limit, best), np.where(better, nu, multiplier)
    free = (row.least() <= 0).astype(bool)
    return np.where(free, None, best), np.where(free, 0, multiplier)


def _largest(slope: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return (np.maximum(slope, 0) * high - np.maximum(-slope, 0) * low).sum(axis=1)
