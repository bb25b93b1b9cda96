"""Branch and bound for the largest error of the logits: where to cut. Nothing here is trusted.

Serves `policy.logit_error`. The leaves with the largest bounds are cut first, so that the tree stays as small as its
bound allows; what it is worth is decided by certificate.py, in integers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.relaxation import Numbers, affine_range, boxes, error, float_logits, float_numbers
from tinyverify.engines.certify.tree import Growing, Tree

BATCH = 2048


@dataclass(frozen=True)
class Budget:
    """Limits of a search: seconds of wall time, and leaves (which bounds memory and the time of the check)."""

    seconds: float = 15.0
    leaves: int = 100_000


def search_error(pair: Pair, budget: Budget, target: np.ndarray | None = None) -> Tree:
    """A tree on whose leaves the errors of all outputs are bounded as evenly as the budget allows.

    Errors are compared in units of each output's first bound. `target` [k] in logits: outputs below it are not cut
    further (for instance a little above the largest error found).
    """
    numbers = float_numbers(pair, np.eye(len(pair.s), dtype=np.int64))
    unit, _ = _bounds(numbers, pair.code_low[None], pair.code_high[None], None)
    goal = 0.0 if target is None else target / unit[0]

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        bound, axis = _bounds(numbers, low, high, unit[0])
        return np.max(bound / unit[0] - goal, axis=1), axis

    return grow(pair, budget, rate)


def search_planes(pair: Pair, budget: Budget, output: int = 0) -> Tree:
    """A tree on whose leaves one float32 logit is close to affine; cut where that saves most, by volume."""
    row = np.zeros((1, len(pair.s)), np.int64)
    row[0, output] = 1
    numbers = float_numbers(pair, row)

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        loose = float_logits(numbers, boxes(numbers, low, high)).loose[:, 0]
        return loose.sum(axis=1) * np.prod(high - low + 1.0, axis=1), cut_axis(numbers, low, high, loose)

    return grow(pair, budget, rate)


def grow(pair: Pair, budget: Budget, rate: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]) -> Tree:
    """Cut the whole lattice, always the leaves of the highest value, until the budget is spent or no value is positive.

    `rate(low, high)` gives boxes [N, d] their values [N] and the axes [N] to cut them along, -1 for none.
    """
    tree = Growing(pair.code_low, pair.code_high)
    deadline = time.monotonic() + budget.seconds
    nodes = np.array([0])
    value, axis = rate(tree.low, tree.high)
    while len(nodes) < budget.leaves and time.monotonic() < deadline:
        open_ = (value > 0) & (axis >= 0)
        if not open_.any():
            break
        count = min(BATCH, max(1, int(open_.sum()) // 4), budget.leaves - len(nodes))
        chosen = np.argpartition(np.where(open_, value, -np.inf), -count)[-count:]
        new = tree.split(nodes[chosen], axis[chosen])
        more, more_axis = rate(tree.low[new], tree.high[new])
        rest = np.ones(len(nodes), bool)
        rest[chosen] = False
        nodes = np.concatenate([nodes[rest], new])
        value, axis = np.concatenate([value[rest], more]), np.concatenate([axis[rest], more_axis])
    return tree.finish()[0]


def _bounds(numbers: Numbers, low: np.ndarray, high: np.ndarray, unit: np.ndarray | None):
    """|error| at most [N, k], and the axis to cut (-1: a single cell)."""
    cells = boxes(numbers, low, high)
    affine = error(numbers, cells)
    least, greatest = affine_range(affine, cells)
    bound = np.maximum(-least, greatest)
    worst = np.argmax(bound if unit is None else bound / unit, axis=1)
    loose = affine.loose[np.arange(len(low)), worst]
    return bound, cut_axis(numbers, low, high, loose)


def cut_axis(
    numbers: Numbers, low: np.ndarray, high: np.ndarray, loose: np.ndarray, direct: np.ndarray | float = 0.0
) -> np.ndarray:
    """The axis [N] whose width costs most; -1: a single cell.

    `loose` [N, h] is shared out by each neuron's dependence on the axes; `direct` [N, d] is added.
    """
    width = (high - low).astype(np.float64)
    weight = np.abs(numbers.g_weight).astype(np.float64)
    reach = width @ weight.T
    cost = ((loose / np.maximum(reach, 1e-300)) @ weight) * width + direct
    # Where nothing is loose any more, the widest axis.
    cost = np.where(width > 0, cost + 1e-12 * width, -1)
    return np.where(width.max(axis=1) > 0, np.argmax(cost, axis=1), -1)
