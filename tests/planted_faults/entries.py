"""Which entries of the head's table any observation reads, by computing all codes: for policies of few features."""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.emulator.covering import rounded
from tinyverify.semantics.requantize import requantize

MOST_FEATURES = 3  # 2^24 codes, a minute


def entries(policy: Policy) -> range:
    """From the least entry to the largest that some observation reads; all 256 where there are too many features."""
    if policy.obs_dim > MOST_FEATURES:
        return range(256)
    codes = np.arange(-128, 128)
    rest = np.stack(np.meshgrid(*[codes] * (policy.obs_dim - 1), indexing="ij"), -1).reshape(-1, policy.obs_dim - 1)
    numbers = [rounded(policy, np.insert(rest, 0, code, axis=1)) for code in codes]
    ends = np.array([min(n.min() for n in numbers), max(n.max() for n in numbers)])
    head, zero_point = policy.head, -128 if policy.discrete else policy.head.zero_point[0]
    first, last = requantize(ends, head.multiplier[0], head.shift[0], zero_point, mode=policy.rounding) + 128
    return range(int(first), int(last) + 1)
