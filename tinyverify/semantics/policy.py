"""The whole inference: operators composed as docs/semantics.md says.

Serves the differential runs of the emitted C and of every other engine. Vectorised over observations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.semantics import float32
from tinyverify.semantics.dense_s8 import dense_s8
from tinyverify.semantics.dequantize import arg_max, dequantize
from tinyverify.semantics.quantize_f32 import quantize_f32
from tinyverify.semantics.requantize import requantize
from tinyverify.semantics.sample import sample_continuous, sample_discrete
from tinyverify.semantics.softmax_lut import softmax_probabilities, softmax_weights


@dataclass(frozen=True)
class Inference:
    """What a policy computes for n observations.

    `faults` [n]; `codes` int8 [n, obs_dim]; `acc` int32 [n, outputs]; `logit_bits` uint32 [n, outputs] patterns;
    discrete: `action` [n] (arg max), `weights` and `probabilities` (Q0.15) [n, actions];
    continuous: `mean`, `log_std` int8 [n], `action` [n]: code in [-128, 127] of the deterministic action.
    All arrays are int64.
    """

    faults: np.ndarray
    codes: np.ndarray
    acc: np.ndarray
    logit_bits: np.ndarray
    action: np.ndarray
    weights: np.ndarray | None = None
    probabilities: np.ndarray | None = None
    mean: np.ndarray | None = None
    log_std: np.ndarray | None = None


def accumulators(policy: Policy, codes: np.ndarray) -> np.ndarray:
    """int32 outputs [n, outputs] (int64) of the last layer for int8 input `codes` [n, obs_dim]."""
    x = np.asarray(codes, np.int64)
    for layer in policy.layers[:-1]:
        acc = dense_s8(x, layer.weight, layer.bias)
        zero_point = layer.output_zero_point
        x = requantize(acc, layer.multiplier, layer.shift, zero_point, zero_point, 127, policy.rounding)
    return dense_s8(x, policy.layers[-1].weight, policy.layers[-1].bias)


def infer(policy: Policy, observation_bits: np.ndarray) -> Inference:
    """Run `policy` on float32 patterns uint32 [n, obs_dim], with the deterministic action."""
    codes, faults = quantize_f32(observation_bits, float32.bits_of(policy.inv_scale), policy.input_zero_point)
    acc = accumulators(policy, codes)
    logit_bits = dequantize(acc, float32.bits_of(policy.logit_scale))
    head = policy.head
    if head.kind == "discrete":
        weights = softmax_weights(acc, head.multiplier[0], head.shift[0], policy.tables["exp"], policy.rounding)
        return Inference(faults, codes, acc, logit_bits, arg_max(acc), weights, softmax_probabilities(weights))
    mean, log_std = _continuous_codes(policy, acc)
    action = _continuous_action(policy, mean, log_std, np.zeros(len(acc), np.int64))
    return Inference(faults, codes, acc, logit_bits, action, mean=mean, log_std=log_std)


def sample_action(policy: Policy, inference: Inference, random: np.ndarray) -> np.ndarray:
    """Sampled actions [n] for random words uint32 [n]: an index, or a code in [-128, 127] to be scaled."""
    if inference.weights is not None:
        return sample_discrete(inference.weights, random)
    gauss = np.asarray(policy.tables["gauss"], np.int64)[np.asarray(random, np.int64) >> 24]
    return _continuous_action(policy, inference.mean, inference.log_std, gauss)


def action_bits(policy: Policy, codes: np.ndarray) -> np.ndarray:
    """float32 patterns of the continuous action for action `codes` [n]: `float32(code) * action_scale`."""
    return dequantize(codes, float32.bits_of(np.float32(policy.head.action_scale)))


def _continuous_codes(policy: Policy, acc: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    head = policy.head
    multiplier, shift, zero_point = (np.array(v) for v in (head.multiplier, head.shift, head.zero_point))
    codes = requantize(acc, multiplier, shift, zero_point, -128, 127, policy.rounding)
    return codes[:, 0], codes[:, 1]


def _continuous_action(policy: Policy, mean: np.ndarray, log_std: np.ndarray, gauss: np.ndarray) -> np.ndarray:
    head, tables = policy.head, policy.tables
    return sample_continuous(
        mean, log_std, gauss, head.noise_multiplier, head.noise_shift, tables["std"], tables["tanh"], policy.rounding
    )
