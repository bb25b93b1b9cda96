"""Observations on both sides of every border between two entries of the head's table, as near to it as a search comes.

Serves the search for a difference: random observations read the far entries of a softmax or tanh table so seldom that a
wrong one goes unseen, and a rounding that is slightly off shows at a border only. Deterministic. An entry or a border
that is not reached may still be reachable.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.observations import observations, patterns_of_codes
from tinyverify.semantics.dense_s8 import wrap_int32
from tinyverify.semantics.policy import accumulators
from tinyverify.semantics.requantize import INT32_MAX, INT32_MIN, least_accumulators

POOL = 4096  # random codes to begin with
ROUNDS = 24
CHILDREN = 4  # of each that is nearest to a border
STEPS = (1, 4, 24)  # how far a child's codes may lie from its parent's


def probing(policy: Policy, count: int, seed: int, repeats: int = 1) -> np.ndarray:
    """`count` observations of every kind, and `repeats` times those of `covering`: float32 patterns [n, obs_dim]."""
    return np.concatenate([observations(policy, count, seed)[0], *[covering(policy)] * repeats])


def covering(policy: Policy) -> np.ndarray:
    """Float32 patterns uint32 [n, obs_dim], n <= 512: the nearest below and above each border that were found."""
    rng = np.random.default_rng(0)
    pool = rng.integers(-128, 128, (POOL, policy.obs_dim))
    pool[::2] = np.where(rng.random(pool[::2].shape) < 0.5, pool[::2], rng.choice([-128, 127], pool[::2].shape))
    least = borders(policy)
    for _ in range(ROUNDS):
        numbers = rounded(policy, pool)
        order = np.argsort(numbers, axis=None, kind="stable")
        sorted_numbers = numbers.reshape(-1)[order]
        at = np.searchsorted(sorted_numbers, least)
        sides = np.unique(np.concatenate([at - 1, at]).clip(0, len(order) - 1))
        kept = pool[np.unique(order[sides] // numbers.shape[1])]
        gaps = sorted_numbers[at.clip(0, len(order) - 1)] - sorted_numbers[(at - 1).clip(0)]
        if (gaps <= 1).all():
            break
        children = np.repeat(kept, CHILDREN * len(STEPS), axis=0)
        reach = np.tile(STEPS, len(children) // len(STEPS))[:, None]
        step = rng.integers(-reach, reach + 1, children.shape) * (rng.random(children.shape) < 0.5)
        pool = np.unique(np.concatenate([kept, np.clip(children + step, -128, 127)]), axis=0)
    return patterns_of_codes(policy, kept)


def borders(policy: Policy) -> np.ndarray:
    """The least number (`rounded`) of each entry of the table, where that is not the least int32 or none: int64 [k]."""
    head = policy.head
    zero_point = -128 if policy.discrete else head.zero_point[0]
    least = least_accumulators(head.multiplier[0], head.shift[0], zero_point, -128, 127, policy.rounding)
    return least[(least > INT32_MIN) & (least <= INT32_MAX)]


def rounded(policy: Policy, codes: np.ndarray) -> np.ndarray:
    """What is rounded to the entries that each row of `codes` int64 [n, obs_dim] reads: int64 [n, k]."""
    acc = accumulators(policy, codes)
    return wrap_int32(acc.max(axis=-1, keepdims=True) - acc) if policy.discrete else acc[:, :1]
