"""On which boxes of codes Lean's kernel can be shown that both networks take one action: plans, and where to cut.

Serves `policy.action_agreement` of discrete policies. A box is decided for action a where, by the bounds of
`TinyVerify.Cell.errorHigh`, the int8 accumulator and the float32 logit of every other action lie strictly below a's.
`decided_leaves` evaluates in Python's integers what the kernel will evaluate; it is no evidence. A box that both
networks' borders cross is not decided, however little of it lies between them, so that the share is smaller than
agreement.py's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.agreement import action_pairs
from tinyverify.engines.certify.lean_search import half_bounds
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.plan import CODES, ONE, TINY, Output, Plan, as_integer, leaf_errors, twos, up
from tinyverify.engines.certify.relaxation import float_numbers
from tinyverify.engines.certify.search import Budget, cut_axis, grow
from tinyverify.engines.certify.tree import LEAF, Tree, leaf_boxes


@dataclass(frozen=True)
class Winner:
    """The plan of one action: pairs of outputs, and `limits`, what twice the error must not exceed, an output."""

    plan: Plan
    limits: tuple[int, ...]


def winner(policy: Policy, training: Training, plan: Plan, action: int) -> Winner:
    """What `TinyVerify.Plan.winsOk` asks for: for each other action, int8 accumulators and then float32 logits."""
    hidden, last = policy.layers
    out_weight, out_bias = training.actor[1]
    terms, step = len(plan.units) + 1, plan.phi * ONE
    outputs, columns, limits = [], [], []

    def base(k: int) -> int:
        return int(last.bias[k]) + hidden.output_zero_point * int(last.weight[k].astype(np.int64).sum())

    def sum_error(k: int) -> int:
        size = sum(abs(as_integer(v)) * h for v, h in zip(out_weight[k], plan.reaches, strict=True))
        return up(terms * (abs(ONE * as_integer(out_bias[k])) + size) + 4 * terms * TINY, (1 << 24) - terms)

    for other in range(policy.outputs):
        if other == action:
            continue
        w = [int(b) - int(a) for a, b in zip(last.weight[action], last.weight[other], strict=True)]
        columns.append((w, [0] * len(w)))
        outputs.append(Output(1, 0, 1))
        limits.append(-1 - 2 * plan.rho * plan.theta * (base(other) - base(action)))
        v = [as_integer(a) - as_integer(b) for a, b in zip(out_weight[action], out_weight[other], strict=True)]
        den = 1 << min((twos(x) for x in v if x), default=0)
        columns.append(([0] * len(v), [x // den for x in v]))
        error = max(sum_error(action), sum_error(other))
        outputs.append(Output(0, 1, den, error))
        bias = ONE * (as_integer(out_bias[other]) - as_integer(out_bias[action]))
        limits.append(-(2 * step * (bias + 2 * error) + 1) // (plan.scale * den))
    units = tuple(
        replace(unit, s=tuple(s[j] for s, _ in columns), v=tuple(v[j] for _, v in columns))
        for j, unit in enumerate(plan.units)
    )
    return Winner(replace(plan, units=units, outputs=tuple(outputs), sides=True), tuple(limits))


def search_winners(pair: Pair, budget: Budget) -> tuple[Tree, np.ndarray]:
    """A tree on whose leaves, by volume, as much as possible is decided as a whole; the action [leaves], or -1."""
    pairs = action_pairs(len(pair.s))
    numbers = float_numbers(pair, pairs)
    codes = replace(numbers, v=0 * numbers.v, v_const=0 * numbers.v_const)
    floats = replace(numbers, s=0 * numbers.s, s_const=0 * numbers.s_const)

    def verdicts(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, ...]:
        found = [half_bounds(n, low, high, sides=True) for n in (codes, floats)]
        first = (found[0].low > 0) & (found[1].high < 0)  # float32 rows come out with their signs turned
        second = (found[0].high < 0) & (found[1].low > 0)
        beaten = np.einsum("nr,rk->nk", first, pairs < 0) + np.einsum("nr,rk->nk", second, pairs > 0)
        wins = np.stack(
            [((first | (pairs[:, a] < 1)) & (second | (pairs[:, a] > -1))).all(axis=1) for a in range(len(pair.s))], 1
        )
        open_ = ~first & ~second & ~np.einsum("nk,rk->nr", beaten > 0, pairs != 0)
        spread = np.where(open_, np.minimum(np.maximum(found[0].high, 0), np.maximum(-found[0].low, 0)), -1)
        worst, rows = np.argmax(spread, axis=1), np.arange(len(low))
        loose = sum(part.loose[rows, worst] for part in found)
        direct = sum(part.direct[rows, worst] for part in found)
        return np.where(wins.any(axis=1), np.argmax(wins, axis=1), LEAF), loose, direct

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        action, loose, direct = verdicts(low, high)
        volume = np.prod(high - low + 1.0, axis=1)
        return np.where(action < 0, volume, 0.0), cut_axis(numbers, low, high, loose, direct)

    tree = grow(pair, budget, rate)
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    return tree, np.concatenate([verdicts(low[i : i + 4096], high[i : i + 4096])[0] for i in range(0, len(low), 4096)])


def decided_leaves(winners: list[Winner], pair: Pair, tree: Tree, action: np.ndarray, most: int) -> np.ndarray:
    """Of the leaves with an action the `most` largest that the kernel will accept keep it; [leaves], -1 elsewhere."""
    low, high = leaf_boxes(tree, pair.code_low, pair.code_high)
    order = np.argsort(-np.prod(high - low + 1.0, axis=1), kind="stable")
    order = order[action[order] >= 0]
    chosen, result = order[: 2 * most], np.full(len(action), LEAF)  # float64 is now and then too hopeful
    for a, won in enumerate(winners):
        rows = chosen[action[chosen] == a]
        if len(rows):
            errors, _ = leaf_errors(won.plan, low[rows] + CODES, high[rows] + CODES)
            result[rows[(errors <= np.array(won.limits, object)).all(axis=1)]] = a
    accepted = order[result[order] >= 0]
    result[accepted[most:]] = LEAF
    return result


def lower_limits(won: Winner, low: np.ndarray, high: np.ndarray) -> list[int]:
    """What the leaves [n, d] keep from below, an output: Lean's check asks for some limit there, and none matters."""
    if not len(low):
        return [1 << 512] * len(won.limits)
    _, lows = leaf_errors(won.plan, low + CODES, high + CODES)
    floor = [int(2 * sum(abs(unit.v[k]) * unit.floating for unit in won.plan.units)) for k in range(len(won.limits))]
    return [max(least, *column) for least, column in zip(floor, lows.T, strict=True)]


def cells_of(low: np.ndarray, high: np.ndarray) -> int:
    """How many cells of codes the boxes [n, d] hold; a Python integer."""
    return int(np.multiply.reduce((high - low + 1).astype(object), axis=1).sum()) if len(low) else 0
