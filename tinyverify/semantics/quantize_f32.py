"""`quantize_f32`: float32 observation to int8, defined for every bit pattern.

Serves `quantize_f32.*`. Works on patterns, in integers (see float32.py).
"""

from __future__ import annotations

import numpy as np

from tinyverify.semantics import float32

FAULT_NAN = 1
FAULT_INF = 2
# |clamp bound - zero point| is at most 255, so any saturation from 256 on gives the same code.
_LIMIT = 1 << 10


def quantize_f32(bits: np.ndarray, inv_scale_bits: np.ndarray, zero_point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observation patterns [n, obs_dim] to int8 codes [n, obs_dim] (int64) and fault flags [n] (int64).

    `inv_scale_bits` [obs_dim]: patterns of float32 in [2^-40, 2^40]. `zero_point` [obs_dim] in [-128, 127].
    NaN gives the zero point; an infinity saturates.
    """
    bits = np.asarray(bits, np.int64)
    zero_point = np.asarray(zero_point, np.int64)
    nan, infinite = float32.is_nan(bits), float32.is_infinite(bits)
    product = float32.multiply(np.where(nan, 0, bits), np.asarray(inv_scale_bits, np.int64))
    rounded = float32.round_to_int(product, _LIMIT)
    codes = np.clip(rounded, -128 - zero_point, 127 - zero_point) + zero_point
    faults = nan.any(axis=-1) * FAULT_NAN | infinite.any(axis=-1) * FAULT_INF
    return codes, faults
