"""`tv_infer_checked`: all fault flags of an observation, and which faults call for a safe action.

Serves the guards at the float borders (docs/firmware.md). The result of the policy itself is policy.py's.
"""

from __future__ import annotations

import numpy as np

from tinyverify.semantics import float32
from tinyverify.semantics.quantize_f32 import FAULT_INF, FAULT_NAN

FAULT_OVERFLOW = 4
FAULT_UNDERFLOW = 8
FAULT_OUTPUT = 16
FAULT_STACK = 32
UNSAFE = FAULT_NAN | FAULT_INF | FAULT_OUTPUT | FAULT_STACK


def check_observation(bits: np.ndarray, inv_scale_bits: np.ndarray, zero_point: np.ndarray) -> np.ndarray:
    """Fault flags [n] (int64) of observation patterns `bits` [n, obs_dim].

    `inv_scale_bits` [obs_dim]: patterns of float32 in [2^-40, 2^40]; `zero_point` [obs_dim] in [-128, 127]. OVERFLOW:
    a finite feature times `inv_scale` lies more than 1/2 outside [-128 - zero_point, 127 - zero_point]. UNDERFLOW: a
    feature is subnormal and not zero.
    """
    bits, zero_point = np.asarray(bits, np.int64), np.asarray(zero_point, np.int64)
    nan, infinite = float32.is_nan(bits), float32.is_infinite(bits)
    finite = ~(nan | infinite)
    overflow = finite & beyond(np.where(finite, bits, 0), np.asarray(inv_scale_bits, np.int64), zero_point)
    magnitude = bits & ~float32.SIGN
    subnormal = (magnitude > 0) & (magnitude <= float32.FRACTION)
    flags = ((nan, FAULT_NAN), (infinite, FAULT_INF), (overflow, FAULT_OVERFLOW), (subnormal, FAULT_UNDERFLOW))
    return sum(where.any(axis=-1) * flag for where, flag in flags)


def beyond(bits: np.ndarray, inv_scale_bits: np.ndarray, zero_point: np.ndarray) -> np.ndarray:
    """Which finite numbers, times `inv_scale`, lie more than 1/2 outside the int8 range about the zero point."""
    product = float32.values_of(float32.multiply(bits, inv_scale_bits)).astype(np.float64)  # exact: only compared
    return (product < -128.5 - zero_point) | (product > 127.5 - zero_point)
