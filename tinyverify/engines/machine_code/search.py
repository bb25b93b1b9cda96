"""A guided search for observations on which a linear form over terms has one of given values.

Serves `kernel.object_code`: two roundings of one sum that differ at few of its values are told apart only there, and
for a sum over hidden units a solver does not find such inputs in time. Untrusted: what it finds is only tried.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.observations import patterns_of_codes

POOL = 4096
PARENTS = 256
ROUNDS = 64
FOUND = 4


def reaching(
    policy: Policy, tried: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], targets: np.ndarray
) -> np.ndarray:
    """Up to FOUND observations uint32 [n, obs_dim] that differ, sought where the form has one of `targets`; n may be 0.

    `tried(observations)`: the form's values int64 [n], and whether what is compared differs, bool [n].
    """
    rng = np.random.default_rng(0)
    wanted = np.sort(targets)
    codes = rng.integers(-128, 128, (POOL, policy.obs_dim))
    for _ in range(ROUNDS):
        observations = patterns_of_codes(policy, codes)
        values, differs = tried(observations)
        if differs.any():
            return observations[np.flatnonzero(differs)[:FOUND]]
        wanted = wanted[~np.isin(wanted, values)]  # reached, and the difference came to nothing
        if not len(wanted):
            break
        above = np.searchsorted(wanted, values).clip(0, len(wanted) - 1)
        below = (above - 1).clip(0)
        distance = np.minimum(np.abs(values - wanted[above]), np.abs(values - wanted[below]))
        parents = codes[np.argsort(distance, kind="stable")[:PARENTS]]
        children = np.repeat(parents, POOL // PARENTS, axis=0)
        step = rng.integers(-8, 9, children.shape) * (rng.random(children.shape) < 0.5)
        codes = np.clip(children + step, -128, 127)
    return np.zeros((0, policy.obs_dim), np.uint32)
