"""On which share of the observation box float32 network and int8 program surely choose the same action.

Serves `policy.action_agreement` for discrete policies. On a leaf, the difference of two float32 logits lies between
two parallel planes in u, and its error between two constants; so outside a band around the planes both networks put
the two actions in the same order. Observations in no pair's band are decided, and what lies in a band is undecided;
the volume of the bands is computed exactly, and never counted as agreement. An action that another beats on the
whole leaf, in both networks, has no band. The order is strict on both sides, so ties play no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.certify.cells import CELL_SHARE_BITS, evaluate_discrete
from tinyverify.engines.certify.network import GRID, Pair
from tinyverify.engines.certify.relaxation import (
    Affine,
    Boxes,
    Numbers,
    affine_range,
    boxes,
    error,
    exact_numbers,
    float_logits,
    float_numbers,
)
from tinyverify.engines.certify.search import Budget, cut_axis, grow
from tinyverify.engines.certify.tree import Tree, leaf_boxes
from tinyverify.engines.certify.volume import SHARE_BITS, share_between

CHUNK = 4096


@dataclass(frozen=True)
class Bands:
    """Per leaf and pair of actions (a, b): `plane . u > above` means a over b in both networks, `< below` b over a.

    `plane` [N, r, d] for u in 1/256, `below`, `above` [N, r]; `live` [N, r]: not settled on the whole leaf, and neither
    action beaten there.
    """

    plane: np.ndarray
    below: np.ndarray
    above: np.ndarray
    live: np.ndarray
    winner: np.ndarray  # [N]: the action of both networks on the whole leaf, or -1


def action_pairs(outputs: int) -> np.ndarray:
    """The combinations [r, k] of outputs for all pairs a < b: logit a minus logit b."""
    rows = np.zeros((outputs * (outputs - 1) // 2, outputs), np.int64)
    for row, (a, b) in zip(rows, combinations(range(outputs), 2), strict=True):
        row[a], row[b] = 1, -1
    return rows


def real_box(numbers: Numbers | Pair, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The observations with codes in [low, high], as ranges of u in 1/256."""
    half = GRID // 2
    return (
        np.where(low == numbers.code_low, numbers.edge_low, GRID * low - half),
        np.where(high == numbers.code_high, numbers.edge_high, GRID * high + half),
    )


def bands(numbers: Numbers, cells: Boxes) -> tuple[Bands, Affine, Affine]:
    """The bands on `cells`, with the relaxations of the differences and of their errors."""
    logits, errors = float_logits(numbers, cells), error(numbers, cells)
    least, greatest = affine_range(errors, cells)
    above = np.maximum(0, -least) - logits.low
    below = np.minimum(0, -greatest) - logits.high
    u_low, u_high = real_box(numbers, cells.low, cells.high)
    at_low, at_high = logits.offset * u_low[:, None], logits.offset * u_high[:, None]
    first = np.minimum(at_low, at_high).sum(axis=2) > above  # a over b on the whole leaf
    second = np.maximum(at_low, at_high).sum(axis=2) < below
    outputs = round((1 + (1 + 8 * first.shape[1]) ** 0.5) / 2)
    beaten = np.zeros((len(first), outputs), bool)
    pairs = list(combinations(range(outputs), 2))
    for r, (a, b) in enumerate(pairs):
        beaten[:, b] |= first[:, r]
        beaten[:, a] |= second[:, r]
    live = np.stack([~beaten[:, a] & ~beaten[:, b] & ~first[:, r] & ~second[:, r] for r, (a, b) in enumerate(pairs)], 1)
    winner = np.where(beaten.sum(axis=1) == outputs - 1, np.argmin(beaten, axis=1), -1)
    return Bands(logits.offset, below, above, live, winner), logits, errors


def search_agreement(pair: Pair, budget: Budget) -> Tree:
    """A tree on whose leaves little is undecided. Untrusted: float64, and the share in a band is estimated."""
    numbers = float_numbers(pair, action_pairs(len(pair.s)))
    return grow(pair, budget, lambda low, high: _gain(numbers, low, high))


def _gain(numbers: Numbers, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """About how much volume a cut of each box could decide [N], and the axis to cut."""
    cells = boxes(numbers, low, high)
    found, logits, errors = bands(numbers, cells)
    width = (high - low).astype(np.float64)
    moving = np.abs(errors.code) * width[:, None]  # what the error's slope adds to the band
    reach = (np.abs(logits.code) * (width[:, None] + 1)).sum(axis=2)
    loose = logits.loose + errors.loose
    excess = loose.sum(axis=2) + moving.sum(axis=2)
    share = np.where(found.live, np.minimum(1, excess / np.maximum(reach, 1e-300)), 0)
    worst = np.argmax(share, axis=1)
    rows = np.arange(len(low))
    value = share[rows, worst] * np.prod(width + 1, axis=1)
    return value, cut_axis(numbers, low, high, loose[rows, worst], moving[rows, worst])


@dataclass(frozen=True)
class Shares:
    """Shares of the observation box's volume: at least `agree`, at least `differ`, at most `undecided`; sum 1.

    `witnesses` [n, d]: codes of cells on a part of which the actions differ. `cells`: evaluated one by one.
    """

    agree: Fraction
    differ: Fraction
    undecided: Fraction
    witnesses: np.ndarray
    cells: int


def shares(policy: Policy, pair: Pair, tree: Tree, cells: int) -> Shares:
    """What the leaves decide, and for two actions at most about `cells` single cells in their bands.

    Raises TreeError, BuildError (for cells > 0, without a C compiler).
    """
    numbers = exact_numbers(pair, action_pairs(len(pair.s)))
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    undecided, open_leaves = 0, []
    for start in range(0, len(lows), CHUNK):
        low, high = lows[start : start + CHUNK], highs[start : start + CHUNK]
        found, logits, _ = bands(numbers, boxes(numbers, low, high))
        volume, share = _band_volumes(pair, low, high, found)
        undecided += int((share * volume).sum())
        rows = np.flatnonzero(found.live[:, 0])
        columns = found.below[rows, 0], found.above[rows, 0], -logits.high[rows, 0], -logits.low[rows, 0]
        open_leaves.append((low[rows], high[rows], found.plane[rows, 0], *columns, (share * volume)[rows], share[rows]))
    differ, evaluated, witnesses = 0, 0, np.zeros((0, pair.dim), np.int64)
    if cells and len(pair.s) == 2:
        low, high, plane, *thresholds, part, share = (
            np.concatenate(column) for column in zip(*open_leaves, strict=True)
        )
        order = np.argsort(-share, kind="stable")
        done = evaluate_discrete(
            policy, pair, low[order], high[order], plane[order], np.stack(thresholds)[:, order], cells
        )
        undecided += (done.undecided << (SHARE_BITS - CELL_SHARE_BITS)) - int(part[order[: done.leaves]].sum())
        differ, evaluated, witnesses = done.differ, done.cells, done.witnesses
    whole = 1
    for first, last in zip(pair.edge_low, pair.edge_high, strict=True):
        whole *= int(last) - int(first)
    # Observations whose code is not the rounded one count as undecided, wherever they lie.
    differ_share = max(Fraction(differ, whole << CELL_SHARE_BITS) - pair.sliver, Fraction(0))
    open_share = Fraction(undecided, whole << SHARE_BITS) + Fraction(differ, whole << CELL_SHARE_BITS) + pair.sliver
    undecided_share = min(open_share, Fraction(1)) - differ_share
    return Shares(1 - differ_share - undecided_share, differ_share, undecided_share, witnesses, evaluated)


def _band_volumes(pair: Pair, low: np.ndarray, high: np.ndarray, found: Bands) -> tuple[np.ndarray, np.ndarray]:
    """Volume of each leaf and the share of it in 2^-60 that lies in a live band, at most; Python integers [N]."""
    u_low, u_high = real_box(pair, low, high)
    share = np.zeros(len(low), object)
    for r in range(found.live.shape[1]):
        rows = np.flatnonzero(found.live[:, r])
        plane, box_low, box_high = found.plane[rows, r], u_low[rows], u_high[rows]
        share[rows] += share_between(plane, box_low, box_high, found.below[rows, r], found.above[rows, r])
    return np.multiply.reduce((u_high - u_low).astype(object), axis=1), np.minimum(share, 1 << SHARE_BITS)


def leaf_of(pair: Pair, tree: Tree, codes: np.ndarray) -> np.ndarray:
    """The number [n] of the leaf, in level order, that holds each of `codes` [n, d]."""
    inner = tree.axis >= 0
    rank = np.cumsum(inner) - 1
    leaf_rank = np.cumsum(~inner) - 1
    node = np.zeros(len(codes), np.int64)
    rows = np.arange(len(codes))
    while inner[node].any():
        moving = inner[node]
        right = codes[rows, np.maximum(tree.axis[node], 0)] > tree.cut[node]
        node = np.where(moving, 2 * rank[node] + 1 + right, node)
    return leaf_rank[node]
