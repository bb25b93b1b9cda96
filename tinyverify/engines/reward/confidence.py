"""A lower confidence bound on the mean of bounded values that holds for every distribution and every sample size.

Serves `policy.reward`. A gambler bets on each value against the hypothesis `mean <= m`; under it the capital is a
nonnegative supermartingale, so it reaches 1 / alpha with probability at most alpha (Ville). Far sharper than Hoeffding
when the values vary little, and exact where a normal approximation is not.
"""

from __future__ import annotations

import math

import numpy as np

MAX_BET = 1.9
# With bets of at most 1.9 a factor 1 + bet * (x - m) stays positive for x >= 0 and m below this.
MAX_MEAN = 1 / MAX_BET - 1e-3


def lower_bound(values: np.ndarray, low: float, high: float, alpha: float) -> float:
    """A number below the mean of i.i.d. `values` in [low, high] with confidence 1 - alpha.

    Never above low + 0.525 * (high - low), whatever the values. Raises ValueError if a value lies outside.
    """
    if not len(values) or not (np.min(values) >= low and np.max(values) <= high):
        raise ValueError(f"values must be there and lie in [{low}, {high}]")
    x = (np.asarray(values, np.float64) - low) / (high - low)
    bet = bets(x, alpha)
    if not rejects(x, bet, 0.0, alpha):
        return low
    # The capital falls in m, so what is rejected is an interval from 0.
    below, above = 0.0, MAX_MEAN
    if rejects(x, bet, above, alpha):
        return low + above * (high - low)
    for _ in range(60):
        middle = (below + above) / 2
        below, above = (middle, above) if rejects(x, bet, middle, alpha) else (below, middle)
    return low + below * (high - low)


def bets(x: np.ndarray, alpha: float) -> np.ndarray:
    """The bet on each value, from the values before it alone: large once they have varied little."""
    count = np.arange(len(x))
    total, squares = np.cumsum(x) - x, np.cumsum(x * x) - x * x
    mean = (0.5 + total) / (count + 1)
    spread = squares - 2 * mean * total + count * mean * mean
    variance = (0.25 + np.maximum(spread, 0)) / (count + 1)
    return np.minimum(MAX_BET, np.sqrt(2 * math.log(1 / alpha) / (len(x) * variance)))


def rejects(x: np.ndarray, bet: np.ndarray, mean: float, alpha: float) -> bool:
    """Whether the capital against "the mean is at most `mean`" has reached 1 / alpha at the end; x in [0, 1]."""
    return float(np.log1p(bet * (x - mean)).sum()) >= math.log(1 / alpha)


def planned_pairs(effect: float, deviation: float, width: float, alpha: float) -> int:
    """How many values make the bound exceed 0, if their mean is `effect`, their standard deviation `deviation`.

    `width`: high - low. Twice what the bets' expected growth needs, since a pilot knows mean and deviation
    roughly, and 64 until bets are large.
    """
    if effect <= 0:
        raise ValueError("nothing can be shown for a mean that is not positive")
    gain, spread = effect / width, deviation / width
    bet = min(MAX_BET, gain / max(spread * spread + gain * gain, 1e-12))
    growth = bet * gain - bet * bet * (spread * spread + gain * gain) / 2
    return math.ceil(2 * math.log(1 / alpha) / growth) + 64
