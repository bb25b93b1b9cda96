"""On which side of which plane a leaf's action is sure, and how many cells lie there.

Serves `policy.action_agreement` of discrete policies. A plane has small whole coefficients, about proportional to the
slope of the difference between the two actions that the leaf's borders divide; limits and multipliers are the best that
the kernel will accept with it. Everything is counted in integers here as there; Lean is the evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.engines.certify.margins import Judge, Row, forms, least_limit
from tinyverify.engines.certify.plan import CODES

SCALES = np.linspace(0.5, 1.0, 24)  # of the largest coefficients, tried for the least rounding
CHUNK = 256


@dataclass(frozen=True)
class Half:
    """`TinyVerify.Half`: on codes with `c . n >= limit` both networks take `action`."""

    c: tuple[int, ...]
    limit: int
    action: int
    multipliers: tuple[tuple[int, int], ...] = ()  # of each pair's int8 and float32 row


@dataclass(frozen=True)
class Decided:
    """The halves of a leaf, none if nothing is decided, and how many cells they hold."""

    halves: tuple[Half, ...] = ()
    cells: int = 0


def decide_leaves(judge: Judge, low: np.ndarray, high: np.ndarray, reach: int) -> list[Decided]:
    """What can be decided of each box of codes [N, d]; the values of `c . n` on a box span at most about `reach`."""
    found: list[Decided] = []
    for start in range(0, len(low), CHUNK):
        found += _decide(judge, low[start : start + CHUNK] + CODES, high[start : start + CHUNK] + CODES, reach)
    return found


def _decide(judge: Judge, low: np.ndarray, high: np.ndarray, reach: int) -> list[Decided]:
    rows, actions = forms(judge, low, high), range(judge.actions)
    sure = {order: ((code.least() <= 0) & (logit.least() <= 0)).astype(bool) for order, (code, logit) in rows.items()}
    beaten = [np.any([sure[a, b] for a in actions if a != b], axis=0) for b in actions]
    best = [Decided()] * len(low)
    for a in actions:
        for leaf in np.flatnonzero(np.all([sure[a, b] for b in actions if b != a], axis=0)):
            cells = int(np.multiply.reduce((high[leaf] - low[leaf] + 1).astype(object)))
            best[leaf] = Decided((Half((0,) * low.shape[1], 0, a),), cells)
    whole = np.array([bool(decided.halves) for decided in best])
    for a, b in judge.pairs:
        open_ = np.flatnonzero(~whole & ~beaten[a] & ~beaten[b])
        if not len(open_):
            continue
        c = _coefficients(rows[a, b][1], open_, high[open_] - low[open_], reach)
        sides = [_side(judge, rows, open_, winner, way) for winner, way in ((a, c), (b, -c))]
        for n, leaf in enumerate(open_):
            decided = _both(c[n], low[leaf], high[leaf], [(limit[n], action, nus[n]) for limit, action, nus in sides])
            if decided.cells > best[leaf].cells:
                best[leaf] = decided
    return best


def _coefficients(pair: Row, rows: np.ndarray, width: np.ndarray, reach: int) -> np.ndarray:
    """Whole numbers [N, d] about proportional to minus the slope in the codes; Python integers."""
    slope = -(pair.slope[rows] * (pair.rho * pair.scaled[0] // pair.scaled)).astype(np.float64)
    slope = slope / np.maximum(np.abs(slope).max(axis=1, keepdims=True), 1e-300)
    span = np.maximum((np.abs(slope) * width).sum(axis=1, keepdims=True), 1e-300)
    scales = reach * SCALES[:, None, None] / span
    rounded = np.rint(slope * scales)
    lost = (np.abs(slope - rounded / scales) * width).sum(axis=2)
    return rounded[np.argmin(lost, axis=0), np.arange(len(rows))].astype(np.int64).astype(object)


def _side(
    judge: Judge, rows: dict[tuple[int, int], tuple[Row, Row]], open_: np.ndarray, winner: int, c: np.ndarray
) -> tuple[np.ndarray, int, list[tuple[tuple[int, int], ...]]]:
    """The least limits of `c . n` [N] from which on `winner` beats every other action, and each leaf's multipliers."""
    limit, nus = np.full(len(open_), None, object), np.zeros((len(open_), len(judge.pairs), 2), object)
    for r, pair in enumerate(judge.pairs):
        if winner not in pair:
            continue
        order = pair if winner == pair[0] else pair[::-1]
        for net, row in enumerate(rows[order]):
            least, nus[:, r, net] = least_limit(row.taken(open_), c)
            limit = np.array([_larger(x, y) for x, y in zip(limit, least, strict=True)], object)
    return limit, winner, [tuple((int(x), int(y)) for x, y in leaf) for leaf in nus]


def _larger(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else max(first, second)


def _both(c: np.ndarray, low: np.ndarray, high: np.ndarray, sides: list) -> Decided:
    """The two halves of a leaf, without those that hold no cell.

    `sides`: limits (None: everywhere), actions, multipliers.
    """
    least, counts = plane_counts(c, low, high)
    most = least + len(counts) - 1
    (above, first, one), (below, second, two) = sides
    above = least if above is None else int(above)
    below = most if below is None else -int(below)
    below = min(below, above - 1)
    halves, cells = [], 0
    upper, lower = int(counts[max(0, above - least) :].sum()), int(counts[: max(0, below - least + 1)].sum())
    if upper:
        halves.append(Half(tuple(int(x) for x in c), above, first, one))
        cells += upper
    if lower:
        halves.append(Half(tuple(-int(x) for x in c), -below, second, two))
        cells += lower
    return Decided(tuple(halves), cells)


def plane_counts(c: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[int, np.ndarray]:
    """The least value of `c . n` on a box, and how many cells have it, and each value after it; exact."""
    size = [int(h) - int(x) + 1 for x, h in zip(low, high, strict=True)]
    steps = [abs(int(x)) for x in c]
    least = sum(int(x) * int(first if x >= 0 else last) for x, first, last in zip(c, low, high, strict=True))
    whole = int(np.multiply.reduce(np.array(size, object)))
    counts = np.zeros(
        sum(a * (m - 1) for a, m in zip(steps, size, strict=True)) + 1, object if whole >> 62 else np.int64
    )
    counts[0] = 1
    for step, count in zip(steps, size, strict=True):
        if step == 0:
            counts = counts * count
            continue
        rows = -(-len(counts) // step)
        table = np.zeros((rows, step), counts.dtype)
        table.reshape(-1)[: len(counts)] = counts
        table = np.cumsum(table, axis=0)
        table[count:] -= table[:-count].copy() if count < rows else 0
        counts = table.reshape(-1)[: len(counts)]
    return least, counts
