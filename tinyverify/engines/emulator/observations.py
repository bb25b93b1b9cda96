"""Observations that a differential run needs: random ones, and every kind of extreme.

Serves the differential runs. Deterministic in its seed. Finding a difference is the point, so most observations sit
where codes saturate, tie or change sign; nothing here resembles an environment's own distribution.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.semantics import float32

KINDS = ("bits", "spread", "ties", "corners", "mixed", "special")

_SPECIAL = np.array(
    [
        0x00000000,  # 0.0
        0x80000000,  # -0.0
        0x00000001,  # least subnormal
        0x807FFFFF,  # largest subnormal, negative
        0x00800000,  # least normal
        0x7F7FFFFF,  # largest finite
        0xFF7FFFFF,
        0x7F800000,  # infinities
        0xFF800000,
        0x7FC00000,  # quiet NaN
        0xFFC00001,
        0x7F800001,  # signalling NaN
        0xFFBFFFFF,
        0x3F800000,  # 1.0
        0xBF800000,
    ],
    np.int64,
)


def observations(policy: Policy, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` observations uint32 [count, obs_dim] and the kind of each (index into KINDS) int64 [count].

    bits: uniform patterns; spread: codes uniform over slightly more than int8; ties: products next to k + 1/2;
    corners: codes from the ends of int8 only; mixed: each feature of another kind; special: zeros, subnormals,
    infinities, NaNs, largest finite values.
    """
    rng = np.random.default_rng(seed)
    shape = (count, policy.obs_dim)
    inv_scale = policy.inv_scale.astype(np.float64)
    zero_point = policy.input_zero_point.astype(np.int64)

    def patterns(products: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return float32.bits_of((products / inv_scale).astype(np.float32))

    half_codes = rng.integers(-140, 141, shape) - zero_point + 0.5
    corner_codes = rng.choice(np.array([-1000, -129, -128, -127, -1, 0, 1, 126, 127, 128, 1000]), shape) - zero_point
    # A tie moved by up to two steps of float32 either way.
    ties = patterns(half_codes) + rng.integers(-2, 3, shape)
    by_kind = np.stack(
        [
            rng.integers(0, 1 << 32, shape, dtype=np.int64),
            patterns(rng.uniform(-150, 150, shape) - zero_point),
            np.clip(ties, 0, 0xFFFFFFFF),
            patterns(corner_codes.astype(np.float64)),
            np.zeros(shape, np.int64),
            rng.choice(_SPECIAL, shape),
        ]
    )
    mixed = rng.choice([0, 1, 2, 3, 5], shape, p=[0.1, 0.3, 0.3, 0.2, 0.1])
    by_kind[4] = np.take_along_axis(by_kind, mixed[None], axis=0)[0]
    kind = rng.choice(len(KINDS), count, p=[0.1, 0.3, 0.2, 0.2, 0.15, 0.05])
    kind[: min(count, 2)] = 3
    chosen = np.take_along_axis(by_kind, kind[None, :, None], axis=0)[0]
    if count >= 2:  # all codes at their least, all at their largest
        chosen[0], chosen[1] = patterns(-1000.0 - zero_point), patterns(1000.0 - zero_point)
    return chosen.astype(np.uint32), kind


def patterns_of_codes(policy: Policy, codes: np.ndarray) -> np.ndarray:
    """Float32 patterns uint32 [n, obs_dim] that are quantized to `codes` int64 [n, obs_dim], but for rounding."""
    products = (codes - policy.input_zero_point.astype(np.int64)).astype(np.float64)
    return float32.bits_of((products / policy.inv_scale.astype(np.float64)).astype(np.float32)).astype(np.uint32)
