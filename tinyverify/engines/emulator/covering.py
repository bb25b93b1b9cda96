"""Observations that together read every entry of the head's table that a search finds a way to.

Serves the search for a difference: random observations read the far entries of a softmax or tanh table so seldom that a
wrong one goes unseen. Deterministic. An entry that is not reached may still be reachable.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.observations import observations, patterns_of_codes
from tinyverify.semantics.policy import accumulators
from tinyverify.semantics.requantize import requantize
from tinyverify.semantics.sample import sample_continuous
from tinyverify.semantics.softmax_lut import softmax_weights

ENTRIES = 256
POOL = 4096  # random codes to begin with
ROUNDS = 12
PARENTS, CHILDREN = 4, 16  # for each entry that is still missing


def probing(policy: Policy, count: int, seed: int) -> np.ndarray:
    """`count` observations of every kind, and then `covering`: float32 patterns uint32 [n, obs_dim]."""
    return np.concatenate([observations(policy, count, seed)[0], covering(policy)])


def covering(policy: Policy) -> np.ndarray:
    """Float32 patterns uint32 [n, obs_dim], n <= 256: one observation for each entry of the table that was reached."""
    rng = np.random.default_rng(0)
    codes = rng.integers(-128, 128, (POOL, policy.obs_dim))
    codes[::2] = np.where(rng.random(codes[::2].shape) < 0.5, codes[::2], rng.choice([-128, 127], codes[::2].shape))
    found: dict[int, np.ndarray] = {}
    pool, read = codes, _entries(policy, codes)
    for _ in range(ROUNDS):
        values, at = np.unique(read, return_index=True)
        for value, case in zip(values.tolist(), (at // read.shape[1]).tolist(), strict=True):
            found.setdefault(value, pool[case])
        missing = [entry for entry in range(ENTRIES) if entry not in found]
        if not missing:
            break
        near = np.abs(read[:, :, None] - np.array(missing)).min(axis=1)  # [n, missing]
        parents = pool[np.argsort(near, axis=0, kind="stable")[:PARENTS].T.reshape(-1)]
        children = np.repeat(parents, CHILDREN, axis=0)
        step = rng.integers(-24, 25, children.shape) * (rng.random(children.shape) < 0.5)
        pool = np.unique(np.concatenate([parents, np.clip(children + step, -128, 127)]), axis=0)
        read = _entries(policy, pool)
    return patterns_of_codes(policy, np.array([found[entry] for entry in sorted(found)]))


def _entries(policy: Policy, codes: np.ndarray) -> np.ndarray:
    """Which entries of the head's table each row of `codes` int64 [n, obs_dim] reads: int64 [n, k]."""
    acc = accumulators(policy, codes)
    head, rounding = policy.head, policy.rounding
    if policy.discrete:
        return softmax_weights(acc, head.multiplier[0], head.shift[0], np.arange(ENTRIES), rounding)
    mean = requantize(acc[:, 0], head.multiplier[0], head.shift[0], head.zero_point[0], -128, 127, rounding)
    nothing = np.zeros(len(mean), np.int64)
    index = np.arange(ENTRIES)
    noise = (head.noise_multiplier, head.noise_shift)
    return sample_continuous(mean, nothing, nothing, *noise, policy.tables["std"], index, rounding)[:, None]
