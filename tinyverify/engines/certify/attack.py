"""The largest error that a search finds: concrete observations, so a lower bound that no certificate can undercut.

Serves `policy.logit_error`, `policy.action_agreement`. Hill climbing over codes; within a cell of codes the error is
linear in the observation wherever no hidden unit switches, so a corner of the cell is tried. Every figure returned
is what the integer reference and the float32 network (evaluated in float64) give at the returned float32 observation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.artifacts.training import Training
from tinyverify.quantize.calibrate import forward
from tinyverify.semantics import float32
from tinyverify.semantics.policy import accumulators, infer

ATTACK_SEED = 20240301
_CORNER = 0.5 - 2.0**-10  # of a code: stays inside the cell after rounding to float32


@dataclass(frozen=True)
class Found:
    """Per output k: the largest |int8 logit - float32 logit| found, float64 [k], at `observation` float32 [k, d]."""

    error: np.ndarray
    observation: np.ndarray


def errors_at(policy: Policy, training: Training, observations: np.ndarray) -> np.ndarray:
    """int8 logits minus float32 logits, float64 [n, k], at float32 `observations` [n, d]."""
    observations = np.ascontiguousarray(observations, np.float32)
    logits = float32.values_of(infer(policy, observations.view(np.uint32)).logit_bits).astype(np.float64)
    return logits - forward(training.actor, observations)[-1]


def find_error(policy: Policy, training: Training, population: int = 2048, rounds: int = 40) -> Found:
    """Hill climbing with `population` starts an output, half of them among the calibration states' codes."""
    rng = np.random.default_rng(ATTACK_SEED)
    errors, observations = [], []
    for output in range(policy.outputs):
        best_error, best = 0.0, None
        for sign in (1.0, -1.0):
            error, observation = _climb(policy, training, output, sign, rng, population, rounds)
            if best is None or error > best_error:
                best_error, best = error, observation
        errors.append(best_error)
        observations.append(best)
    return Found(np.array(errors), np.array(observations, np.float32))


def _climb(policy, training, output, sign, rng, population, rounds) -> tuple[float, np.ndarray]:
    box = policy.file.input
    low, high = np.array(box.low, np.float32), np.array(box.high, np.float32)
    zero_point, inv = policy.input_zero_point.astype(np.int64), policy.inv_scale.astype(np.float64)

    def codes_of(x: np.ndarray) -> np.ndarray:
        return np.clip(np.rint(x * inv), *range_).astype(np.int64)

    range_ = (np.rint(low * inv), np.rint(high * inv))
    visited = training.tensors["calibration.observations"]
    starts = np.concatenate(
        [rng.uniform(low, high, (population // 2, len(low))), visited[rng.integers(0, len(visited), population // 2)]]
    )
    n = codes_of(np.clip(starts, low, high))
    value, observation = _value(policy, training, n, output, sign, inv, zero_point, low, high)
    span = range_[1] - range_[0]
    for step in range(rounds):
        reach = np.maximum(1, span * 0.25 * 0.85**step)
        move = np.rint(rng.normal(0, reach, n.shape) * (rng.random(n.shape) < 0.6))
        tried = np.clip(n + move, *range_).astype(np.int64)
        new, where = _value(policy, training, tried, output, sign, inv, zero_point, low, high)
        better = new > value
        n[better], value[better], observation[better] = tried[better], new[better], where[better]
        if step % 10 == 9:  # the worse half starts again beside the better half
            order = np.argsort(-value)
            half = len(order) // 2
            n[order[half:]], value[order[half:]] = n[order[:half]], value[order[:half]]
            observation[order[half:]] = observation[order[:half]]
    best = observation[[int(np.argmax(value))]]
    return float(abs(errors_at(policy, training, best)[0, output])), best[0]


def _value(policy, training, n, output, sign, inv, zero_point, low, high) -> tuple[np.ndarray, np.ndarray]:
    """sign * error at the best corner of each cell of codes `n`, and the observations float32."""
    (weight, bias), (out_weight, out_bias) = ((w.astype(np.float64), b.astype(np.float64)) for w, b in training.actor)
    hidden = (n / inv) @ weight.T + bias > 0
    gradient = -sign * ((hidden * out_weight[output]) @ weight)
    x = np.clip(((n + np.sign(gradient) * _CORNER) / inv).astype(np.float32), low, high)
    acc = accumulators(policy, n + zero_point)
    logits = acc[:, output] * float(policy.logit_scale[output])
    floats = np.maximum(x.astype(np.float64) @ weight.T + bias, 0) @ out_weight[output] + out_bias[output]
    return sign * (logits - floats), x


def differing_observations(policy: Policy, training: Training, codes: np.ndarray, tries: int = 256) -> np.ndarray:
    """Observations float32 [m, d] in cells `codes` [n, d] for which the two arg max differ; at most one a cell."""
    rng = np.random.default_rng(ATTACK_SEED)
    box, inv = policy.file.input, policy.inv_scale.astype(np.float64)
    found = []
    for cell in codes:
        x = (cell + rng.uniform(-_CORNER, _CORNER, (tries, len(cell)))) / inv
        x = np.clip(x.astype(np.float32), np.float32(box.low), np.float32(box.high))
        program = infer(policy, x.view(np.uint32)).action
        differs = np.flatnonzero(program != np.argmax(forward(training.actor, x)[-1], axis=1))
        if len(differs):
            found.append(x[differs[0]])
    return np.array(found, np.float32).reshape(-1, policy.obs_dim)
