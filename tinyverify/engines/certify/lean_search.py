"""Few boxes of codes with as small a bound as Lean's kernel can be asked for: where to cut. Nothing here is trusted.

Serves `policy.logit_error`, `policy.action_agreement`. The bound is the one of `TinyVerify.Cell.errorHigh`, in float64:
a hidden unit counts whole where both networks' units are surely on, not at all where both are surely off, and half,
with a residual, elsewhere; with `sides`, whole or not at all where it is mostly on or off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.engines.certify.network import CODES, GRID, Pair
from tinyverify.engines.certify.relaxation import Numbers, boxes, float_numbers, ranges
from tinyverify.engines.certify.search import Budget, cut_axis, grow
from tinyverify.engines.certify.tree import Tree


@dataclass(frozen=True)
class HalfBounds:
    """int8 minus float32 rows on N boxes: `low`, `high` [N, r]; what each hidden unit [N, r, h] and each input's range
    [N, r, d] leave open."""

    low: np.ndarray
    high: np.ndarray
    loose: np.ndarray
    direct: np.ndarray


def search_halves(pair: Pair, budget: Budget, target: np.ndarray) -> Tree:
    """A tree whose leaves bound every output as evenly as the budget allows, in units of `target` [k] (logits)."""
    numbers = float_numbers(pair, np.eye(len(pair.s), dtype=np.int64))

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = half_bounds(numbers, low, high)
        share = np.maximum(found.high, -found.low) / target
        worst = np.argmax(share, axis=1)
        rows = np.arange(len(low))
        return share[rows, worst], cut_axis(numbers, low, high, found.loose[rows, worst])

    return grow(pair, budget, rate)


def half_bounds(numbers: Numbers, low: np.ndarray, high: np.ndarray, sides: bool = False) -> HalfBounds:
    """Bounds of int8 minus float32 rows, in logits, on boxes of codes [N, d]."""
    t_low, t_high, _, _, d_low, d_high = ranges(numbers, boxes(numbers, low, high))
    diff, most = np.maximum(np.abs(d_low), np.abs(d_high)), np.maximum(np.abs(t_low), np.abs(t_high))
    off, on = t_high + diff < 0, t_low - diff >= 0
    mixed = ~on & ~off
    mostly_on, mostly_off = (sides & mixed & part for part in (t_high >= -2 * t_low, -t_low > 2 * t_high))
    half = np.where(off | mostly_off, 0.0, np.where(on | mostly_on, 1.0, 0.5))
    above = mixed * np.where(mostly_on, -2 * t_low, np.where(mostly_off, 2 * t_high, most)).clip(0)
    apart = mixed * diff * (1 + (mostly_on | mostly_off))
    s, v = numbers.s, numbers.v
    slope = s[:, :, None] * numbers.t_weight - GRID * v[:, :, None] * numbers.g_weight
    code = np.einsum("nj,kji->nki", half, slope)
    offset = np.einsum("nj,kj,ji->nki", half, v, numbers.g_weight) * (GRID // 2)
    middle = (code * (low + high)[:, None]).sum(axis=2) / 2 + half @ (s * numbers.t_bias - v * numbers.g_bias).T
    middle = middle + numbers.s_const - numbers.v_const
    direct = np.abs(code) * (high - low)[:, None]
    spread = direct.sum(axis=2) / 2 + np.abs(offset).sum(axis=2) + numbers.s_slack + numbers.v_slack
    over = np.where(off, 0, numbers.rounding) + np.maximum(t_high - CODES * numbers.one, 0)
    both = apart[:, None] * np.abs(v) / 2 + np.abs(s) * over[:, None]
    up, down = (above[:, None] * np.maximum(change, 0) / 2 for change in (s - v, v - s))
    spread = spread + both.sum(axis=2)
    return HalfBounds(
        middle - down.sum(axis=2) - spread, middle + up.sum(axis=2) + spread, both + (up + down) / 2, direct
    )
