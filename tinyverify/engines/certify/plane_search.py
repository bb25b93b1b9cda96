"""Where to cut the lattice so that planes in the leaves leave little undecided. Nothing here is trusted.

Serves `policy.action_agreement` of discrete policies. The bounds are those of `TinyVerify.At.code_side` and
`float_side`, in float64 and with the best plane, the slope itself; a leaf is worth what remains undecided in it, as far
as cuts can help.
"""

from __future__ import annotations

from itertools import product
from math import factorial

import numpy as np

from tinyverify.engines.certify.agreement import action_pairs
from tinyverify.engines.certify.network import CODES, GRID, Pair
from tinyverify.engines.certify.relaxation import Numbers, boxes, float_numbers, ranges
from tinyverify.engines.certify.search import Budget, cut_axis, grow
from tinyverify.engines.certify.tree import Tree

MANY = 12  # inputs beyond which a sum over the corners of a box takes too long


def search_sides(pair: Pair, budget: Budget) -> Tree:
    """A tree on whose leaves planes decide as many cells as the budget allows."""
    pairs = action_pairs(len(pair.s))
    numbers = float_numbers(pair, pairs)

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        share, first, second, loose, direct, half = _shares(numbers, pairs, low, high)
        volume, open_ = np.prod(high - low + 1.0, axis=1), 1 - first - second
        worst, rows = np.argmax(open_, axis=1), np.arange(len(low))
        loose, direct = 2 * loose[rows, worst], direct[rows, worst]
        width = loose.sum(axis=1) + direct.sum(axis=1)
        helps = width / np.maximum(width + 0.3 * half[rows, worst], 1e-300)
        return (1 - share) * volume * helps * (share < 1 - 1e-6), cut_axis(numbers, low, high, loose, direct)

    return grow(pair, budget, rate)


def _shares(numbers: Numbers, pairs: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, ...]:
    """Shares of boxes [N, d]: decided [N]; where the first, and the second, of each pair is sure [N, r]; what each unit
    [N, r, h] and the networks' difference [N, r, d] leave open; half the range of the pair's difference [N, r]."""
    t_low, t_high, _, _, d_low, d_high = ranges(numbers, boxes(numbers, low, high))
    apart, most = np.maximum(abs(d_low), abs(d_high)), np.maximum(abs(t_low), abs(t_high))
    off, on = t_high + apart < 0, t_low - apart >= 0
    mixed = ~on & ~off
    mostly_on, mostly_off = mixed & (t_high >= -2 * t_low), mixed & (-t_low > 2 * t_high)
    half = mixed & ~mostly_on & ~mostly_off
    part = np.where(on | mostly_on, 1.0, np.where(half, 0.5, 0.0))
    above = np.where(mostly_on, -t_low, np.where(mostly_off, t_high, half * most / 2)).clip(0)
    apart = mixed * apart
    over = np.where(off, 0, numbers.rounding) + np.maximum(t_high - CODES, 0)
    s, v = numbers.s, numbers.v
    code = np.einsum("nj,rj,ji->nri", part, s, numbers.t_weight)
    logit = np.einsum("nj,rj,ji->nri", part, v, numbers.g_weight * GRID)
    centre, reach = (low + high)[:, None] / 2, (high - low)[:, None] / 2
    at_code = (code * centre).sum(axis=2) + part @ (s * numbers.t_bias).T + numbers.s_const
    at_logit = (logit * centre).sum(axis=2) + part @ (v * numbers.g_bias).T + numbers.v_const
    turned = (np.abs(code - logit) * reach).sum(axis=2)  # one plane serves both networks
    slack = turned + over @ np.abs(s).T + numbers.s_slack
    more = np.abs(logit).sum(axis=2) / 2 + numbers.v_slack
    up, down = np.maximum, np.minimum
    first = up(above @ up(-s, 0).T + slack - at_code, (above + apart) @ up(-v, 0).T + more - at_logit)
    second = down(-above @ up(s, 0).T - slack - at_code, -(above + apart) @ up(v, 0).T - more - at_logit)
    steps = np.abs(logit) * (2 * reach + 1)
    middle = steps.sum(axis=2) / 2
    first, second = 1 - _below(steps, middle + first), _below(steps, middle + second)
    actions = pairs.shape[1]
    lost = np.stack(
        [(1 - first) @ (pairs[:, a] > 0) + (1 - second) @ (pairs[:, a] < 0) for a in range(actions)], axis=1
    )
    loose = above[:, None] * (np.abs(s) + np.abs(v)) / 2 + apart[:, None] * np.abs(v)
    wins = np.sort((1 - lost).clip(0), axis=1)[:, -2:].sum(axis=1)  # a leaf has one plane, and two sides
    return wins, first, second, loose, np.abs(code - logit) * 2 * reach, middle


def _below(steps: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """About the share of x in [0, 1]^d with `steps @ x <= limit`; [N, r, d], [N, r]. volume.py has the formula."""
    steps = np.maximum(steps, 1e-3 * steps.sum(axis=2, keepdims=True) + 1e-300)
    dim, total = steps.shape[2], steps.sum(axis=2)
    limit = np.clip(limit, 0, total)
    if dim > MANY:
        return limit / total
    share = 0.0
    for corner in product((0, 1), repeat=dim):
        share = share + (-1) ** sum(corner) * np.maximum(limit - steps @ np.array(corner, float), 0) ** dim
    return np.clip(share / (factorial(dim) * np.prod(steps, axis=2)), 0, 1)
