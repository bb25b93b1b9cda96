"""A tree of cuts with one action a leaf, as a term for the checker `TinyVerify.Cover`.

Serves `policy.action_agreement`. On a leaf with an action both networks take it everywhere, as integers here confirm.
Lean's kernel can prove the int8 half of that (`Cover.verdict_of_ok`); the float32 half stays with this package. Leaves
that are not decided as a whole are undecided: bands and single cells are no part of it, so its share is smaller.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.certify.agreement import CHUNK, action_pairs, bands
from tinyverify.engines.certify.network import Pair
from tinyverify.engines.certify.relaxation import boxes, exact_numbers, float_numbers
from tinyverify.engines.certify.search import Budget, cut_axis, grow
from tinyverify.engines.certify.tree import Tree, leaf_boxes
from tinyverify.engines.lean_bundle.render import definitions
from tinyverify.engines.lean_bundle.theorems import NAMESPACE
from tinyverify.semantics.requantize import requantize

GRID = 1 << 20  # denominator of the lines' slopes in Lean


def search_cover(pair: Pair, budget: Budget) -> Tree:
    """A tree on whose leaves, by volume, as much as possible is decided as a whole. Untrusted."""
    numbers = float_numbers(pair, action_pairs(len(pair.s)))

    def rate(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found, logits, errors = bands(numbers, boxes(numbers, low, high))
        width = (high - low).astype(np.float64)
        loose = (logits.loose + errors.loose).sum(axis=1)
        # What keeps a leaf from being decided is the logits' own range as much as the relaxation.
        direct = np.abs(logits.code).sum(axis=1) * width
        value = np.where(found.winner < 0, np.prod(width + 1, axis=1), 0.0)
        return value, cut_axis(numbers, low, high, loose, direct)

    return grow(pair, budget, rate)


def leaf_actions(pair: Pair, tree: Tree) -> np.ndarray:
    """The action that both networks take on the whole of each leaf, -1 where that is not shown; int64 [leaves]."""
    numbers = exact_numbers(pair, action_pairs(len(pair.s)))
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    parts = [
        bands(numbers, boxes(numbers, lows[at : at + CHUNK], highs[at : at + CHUNK]))[0].winner
        for at in range(0, len(lows), CHUNK)
    ]
    return np.concatenate(parts)


def accepted_actions(policy: Policy, pair: Pair, tree: Tree, grid: int = GRID) -> np.ndarray:
    """`leaf_actions`, but -1 also where Lean's own, coarser lines do not decide the leaf."""
    actions = leaf_actions(pair, tree)
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    for leaf in np.flatnonzero(actions >= 0):
        if not lean_accepts(policy, lows[leaf], highs[leaf], int(actions[leaf]), grid):
            actions[leaf] = -1
    return actions


def decided_share(pair: Pair, tree: Tree, actions: np.ndarray) -> float:
    """The share of the codes that the box reaches which lie in leaves with an action."""
    lows, highs = leaf_boxes(tree, pair.code_low, pair.code_high)
    count = np.prod((highs - lows + 1).astype(np.float64), axis=1)
    return float(count[actions >= 0].sum() / count.sum())


def render_box(policy: Policy, pair: Pair) -> str:
    """The box of int8 input codes as a Lean `List Interval`."""
    zero = policy.input_zero_point.astype(np.int64)
    ends = zip(pair.code_low + zero, pair.code_high + zero, strict=True)
    return "[" + ", ".join(f"⟨{int(low)}, {int(high)}⟩" for low, high in ends) + "]"


def render_cover(policy: Policy, tree: Tree, actions: np.ndarray) -> str:
    """The tree as a Lean term of type `Cover`, over int8 codes."""
    inner = tree.axis >= 0
    rank, leaf = np.cumsum(inner) - 1, np.cumsum(~inner) - 1
    zero = policy.input_zero_point.astype(np.int64)
    terms: list[str] = [""] * len(tree.axis)
    for node in range(len(tree.axis) - 1, -1, -1):  # children come after their parent
        if inner[node]:
            axis, first = int(tree.axis[node]), 2 * int(rank[node]) + 1
            cut = int(tree.cut[node]) + int(zero[axis])
            terms[node] = f"(.split {axis} ({cut}) {terms[first]} {terms[first + 1]})"
            terms[first] = terms[first + 1] = ""
        else:
            action = int(actions[leaf[node]])
            terms[node] = ".undecided" if action < 0 else f"(.linear {action})"
    return terms[0]


def cover_file(policy: Policy, pair: Pair, tree: Tree, actions: np.ndarray) -> str:
    """A Lean file whose theorem `TinyVerify.Bundle.covered` says: where the tree names an action, the program takes it.

    `actions` [leaves] from `accepted_actions`; the kernel needs about a second for three leaves.
    """
    return f"""import TinyVerify

{definitions(policy)}
open TinyVerify
namespace {NAMESPACE}

def box : List Interval := {render_box(policy, pair)}

def cover : Cover := {render_cover(policy, tree, actions)}

theorem cover_requantize_ok : policy.network.requantizeOk = true := by decide +kernel

theorem cover_ok : cover.ok policy.network {GRID} box = true := by decide +kernel

theorem covered : ∀ x, InBox box x → ∀ action, cover.verdict x = some action → argMax (policy.network.run x) = action :=
  Cover.verdict_of_ok policy.network cover_requantize_ok cover_ok

end {NAMESPACE}
"""


def lean_accepts(policy: Policy, low: np.ndarray, high: np.ndarray, action: int, grid: int) -> bool:
    """Whether `Network.linearActionOk` will hold on the codes n in [low, high]: its rule, in Python's integers.

    A filter, so that no leaf is rendered which the kernel would refuse; what it says is not evidence.
    """
    hidden, last = policy.layers
    zero = policy.input_zero_point.astype(np.int64)
    ends = [(int(a), int(b)) for a, b in zip(low + zero, high + zero, strict=True)]
    rows = []
    for weight, bias, multiplier, shift in zip(
        hidden.weight, hidden.bias, hidden.multiplier, hidden.shift, strict=True
    ):
        weights = [int(w) for w in weight]
        least = int(bias) + sum(min(w * a, w * b) for w, (a, b) in zip(weights, ends, strict=True))
        most = int(bias) + sum(max(w * a, w * b) for w, (a, b) in zip(weights, ends, strict=True))
        codes = requantize(np.array([least, most]), int(multiplier), int(shift), -128, -128, 127, policy.rounding)
        rows.append((weights, int(bias), int(multiplier), 1 << (31 + int(shift)), least, most, *map(int, codes)))
    for other in range(policy.outputs):
        if other == action:
            continue
        factors = last.weight[action].astype(np.int64) - last.weight[other].astype(np.int64)
        constant = grid * (int(last.bias[action]) - int(last.bias[other]))
        coefficients = [0] * len(ends)
        for factor, (weights, bias, multiplier, unit, least, most, code_low, code_high) in zip(
            factors.tolist(), rows, strict=True
        ):
            choose = _choose_lower if factor >= 0 else _choose_upper
            code = code_low if factor >= 0 else code_high
            slope, offset = choose(grid, multiplier, unit, least, most, code)
            constant += factor * (slope * bias + offset)
            coefficients = [c + factor * slope * w for c, w in zip(coefficients, weights, strict=True)]
        if constant + sum(min(c * a, c * b) for c, (a, b) in zip(coefficients, ends, strict=True)) <= 0:
            return False
    return True


def _real(multiplier: int, unit: int, acc: int, sign: int) -> int:
    """`upperReal` (sign 1) or `lowerReal` (-1) of the Lean specification, for hidden codes from -128 to 127."""
    return 2 * acc * multiplier - 256 * unit + sign * (unit + (1 << 31))


def _choose_upper(grid: int, multiplier: int, unit: int, least: int, most: int, code: int) -> tuple[int, int]:
    start, end = (_real(multiplier, unit, acc, 1) for acc in (least, most))
    a, b = max(-256 * unit, start), max(-256 * unit, end)
    if a == b or 254 * unit < start:
        return 0, grid * code
    slope = grid * (b - a) // (2 * unit * (most - least))
    return slope, max(-(-grid * a // (2 * unit)) - slope * least, -(-grid * b // (2 * unit)) - slope * most)


def _choose_lower(grid: int, multiplier: int, unit: int, least: int, most: int, code: int) -> tuple[int, int]:
    start, end = (_real(multiplier, unit, acc, -1) for acc in (least, most))
    if 254 * unit < end or start + end < -512 * unit:
        return 0, grid * code
    slope = grid * 2 * multiplier // (2 * unit)
    return slope, min(grid * start // (2 * unit) - slope * least, grid * end // (2 * unit) - slope * most)
