"""How much of a box lies under a hyperplane, exactly.

Serves `policy.action_agreement`. Python integers throughout: the inclusion-exclusion formula cancels too much for
floating point. For a_1..a_m > 0 and x uniform in [0, 1]^m,

    P(a . x <= tau) = sum over subsets S of (-1)^|S| * max(0, tau - sum of a over S)^m / (m! * prod a).
"""

from __future__ import annotations

from itertools import product
from math import factorial

import numpy as np

SHARE_BITS = 60


def share_between(
    coefficient: np.ndarray, low: np.ndarray, high: np.ndarray, below: np.ndarray, above: np.ndarray
) -> np.ndarray:
    """Share of each box [low, high] on which `below <= coefficient . u <= above`, in 2^-60, rounded up.

    `coefficient`, `low`, `high` int64 [N, d] with low < high; `below`, `above` int64 [N]. Returns int64 [N].
    """
    steps = np.abs(coefficient) * (high - low)
    least = np.minimum(coefficient * low, coefficient * high).sum(axis=1)
    shares = np.zeros(len(low), np.int64)
    # Boxes with the same set of moving axes go together, so that the formula never divides by zero.
    moving = steps > 0
    for pattern in np.unique(moving, axis=0):
        rows = np.flatnonzero((moving == pattern).all(axis=1))
        part = steps[rows][:, pattern]
        up, down = above[rows] - least[rows], below[rows] - least[rows]
        if not pattern.any():
            shares[rows] = np.where((up >= 0) & (down <= 0), 1 << SHARE_BITS, 0)
            continue
        total = part.sum(axis=1)
        inside = np.flatnonzero((up > 0) & (down < total) & (up >= down))
        if len(inside):
            part, up, down, total = part[inside], up[inside], down[inside], total[inside]
            numerator = _weighted(part, np.minimum(up, total)) - _weighted(part, np.maximum(down, 0))
            scale = factorial(part.shape[1]) * np.multiply.reduce(part.astype(object), axis=1)
            shares[rows[inside]] = (-((-numerator << SHARE_BITS) // scale)).astype(np.int64)
    return shares


def _weighted(steps: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """m! * prod(steps) * P(steps . x <= tau) as Python integers [N], for 0 <= tau <= sum(steps)."""
    total = np.zeros(len(tau), object)
    for chosen in product((0, 1), repeat=steps.shape[1]):
        rest = np.maximum(tau - steps @ np.array(chosen, np.int64), 0).astype(object)
        total += (-1) ** sum(chosen) * rest ** steps.shape[1]
    return total
