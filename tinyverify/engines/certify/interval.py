"""Interval arithmetic, layer by layer: what the certificate is compared with.

Serves the figures of `policy.logit_error`; nothing rests on it. Two forms over the whole observation box: the usual
one bounds both networks on their own and subtracts; the differential one carries an interval of the difference
through the layers (a hidden unit's difference is between 0 and the one before ReLU).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.engines.certify.network import CODES, GRID, Pair
from tinyverify.engines.certify.relaxation import boxes, float_numbers


@dataclass(frozen=True)
class IntervalBounds:
    """Bounds on |int8 logit - float32 logit| in logits, float64 [k]."""

    separate: np.ndarray
    differential: np.ndarray


def interval_bounds(pair: Pair) -> IntervalBounds:
    """Both forms over the whole box."""
    numbers = float_numbers(pair, np.eye(len(pair.s), dtype=np.int64))
    cells = boxes(numbers, pair.code_low[None], pair.code_high[None])
    centre, half = (cells.low + cells.high)[0] / 2, (cells.high - cells.low)[0] / 2
    e_high = np.maximum(np.abs(cells.offset_low), np.abs(cells.offset_high))[0]
    g_weight = numbers.g_weight * GRID
    t_mid = numbers.t_weight @ centre + numbers.t_bias
    t_rad = np.abs(numbers.t_weight) @ half
    g_mid = g_weight @ centre + numbers.g_bias
    g_rad = np.abs(g_weight) @ half + np.abs(numbers.g_weight) @ e_high
    a = [np.clip(t + sign * numbers.rounding, 0, CODES) for sign, t in ((-1, t_mid - t_rad), (1, t_mid + t_rad))]
    h = [np.maximum(value, 0) for value in (g_mid - g_rad, g_mid + g_rad)]
    slack = numbers.s_slack + numbers.v_slack
    s_low, s_high = _row_range(numbers.s, *a)
    v_low, v_high = _row_range(numbers.v, *h)
    constant = numbers.s_const - numbers.v_const
    separate = np.maximum(s_high - v_low + constant, -(s_low - v_high + constant)) + slack

    d_mid = (numbers.t_weight - g_weight) @ centre + numbers.t_bias - numbers.g_bias
    d_rad = np.abs(numbers.t_weight - g_weight) @ half + np.abs(numbers.g_weight) @ e_high + numbers.rounding
    over = np.maximum(t_mid + t_rad - CODES, 0)
    d_low, d_high = np.minimum(d_mid - d_rad - over, 0), np.maximum(d_mid + d_rad, 0)
    # s a - v h = v (a - h) + (s - v) a
    low, high = _row_range(numbers.v, d_low, d_high)
    more_low, more_high = _row_range(numbers.s - numbers.v, *a)
    differential = np.maximum(high + more_high + constant, -(low + more_low + constant)) + slack
    return IntervalBounds(separate, differential)


def _row_range(weight: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    up, down = np.maximum(weight, 0), np.minimum(weight, 0)
    return up @ low + down @ high, up @ high + down @ low
