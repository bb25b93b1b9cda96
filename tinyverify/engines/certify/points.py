"""Single observations: what both networks surely do there, or on the cell of codes that each lies in.

Serves `policy.action_agreement`: the share over visited states, and the pictures. The int8 program is evaluated
exactly. The float32 logits lie between two planes that hold on the observation's whole cell (`cell_logits`), or, at the
observation alone, within float32 rounding of their value in float64 (`point_logits`).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.engines.certify.agreement import CHUNK
from tinyverify.engines.certify.network import GRID, Pair
from tinyverify.engines.certify.relaxation import boxes, exact_numbers, float_logits
from tinyverify.quantize.calibrate import forward
from tinyverify.semantics import float32
from tinyverify.semantics.policy import action_bits, infer


def verdicts(policy: Policy, x: np.ndarray, bounds: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Class of each float32 observation [n]: the common action; `outputs` where they surely differ; `outputs` + 1.

    `bounds` [n, r] of the differences of float32 logits, in the order of `action_pairs`.
    """
    action = infer(policy, x.view(np.uint32)).action
    low, high = bounds
    wins = np.ones((len(x), policy.outputs), bool)
    for r, (a, b) in enumerate(combinations(range(policy.outputs), 2)):
        wins[:, a] &= low[:, r] > 0
        wins[:, b] &= high[:, r] < 0
    same, settled = wins[np.arange(len(x)), action], wins.any(axis=1)
    return np.where(same, action, np.where(settled, policy.outputs, policy.outputs + 1))


def differences(policy: Policy, training: Training, pair: Pair, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The int8 action [n] at each observation, and the most that the float32 action can be from it [n]."""
    bound = float(training.artifact.config.action_bound)
    action = float32.values_of(action_bits(policy, infer(policy, x.view(np.uint32)).action)).astype(np.float64)
    low, high = cell_logits(policy, pair, x, np.eye(policy.outputs, dtype=np.int64)[:1])
    ends = bound * np.tanh(np.stack([low[:, 0], high[:, 0]]) * 2.0**-pair.unit_bits)
    return action, np.abs(ends - action).max(axis=0)


def cell_logits(policy: Policy, pair: Pair, x: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of combinations of float32 logits [n, r] at observations, by the planes of their cells; int64."""
    numbers = exact_numbers(pair, rows)
    codes = infer(policy, x.view(np.uint32)).codes - policy.input_zero_point.astype(np.int64)
    codes = np.clip(codes, pair.code_low, pair.code_high)
    # u is widened by 1/256 of a code each way, so that rounding it plays no part.
    fine = np.floor(x.astype(np.float64) * policy.inv_scale.astype(np.float64) * GRID).astype(np.int64)
    parts = []
    for start in range(0, len(x), CHUNK):
        here = slice(start, start + CHUNK)
        planes = float_logits(numbers, boxes(numbers, codes[here], codes[here]))
        ends = planes.offset * (fine[here][:, None] - 1), planes.offset * (fine[here][:, None] + 2)
        parts.append((np.minimum(*ends).sum(axis=2) + planes.low, np.maximum(*ends).sum(axis=2) + planes.high))
    return np.concatenate([low for low, _ in parts]), np.concatenate([high for _, high in parts])


def point_logits(training: Training, x: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of combinations of float32 logits [n, r] at observations alone, in logits."""
    (weight, bias), (out_weight, out_bias) = ((np.abs(w, dtype=np.float64), np.abs(b)) for w, b in training.actor)
    values = forward(training.actor, x)[-1] @ rows.T
    # Float32 sums of d + 1 and h + 1 terms, in any order (Higham, gamma_n); 1 % and 1e-9 cover float64's own rounding.
    size = (np.abs(x, dtype=np.float64) @ weight.T + bias) @ out_weight.T + out_bias
    slack = 1.01 * (sum(weight.shape) + 4) * 2.0**-24 * size @ np.abs(rows).T + 1e-9
    return values - slack, values + slack
