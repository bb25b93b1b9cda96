"""`dense_s8`: int8 x int8 -> int32 accumulate + int32 bias.

Serves `dense_s8.*`. Arithmetic is exact in int64 and then wrapped to int32 as the machine does;
`dense_s8.acc_no_overflow` shows that for a proved policy the wrap never acts.
"""

from __future__ import annotations

import numpy as np

INT16_MAX = (1 << 15) - 1
HALF_WORD = 1 << 16  # a multiplier that is a multiple of it has an int16 as its upper half, and nothing below


def wrap_int32(value: np.ndarray) -> np.ndarray:
    """`value` modulo 2^32 into [-2^31, 2^31), int64."""
    return ((np.asarray(value, np.int64) + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


def dense_s8(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """`acc[n, j] = bias[j] + sum_i weight[j, i] * x[n, i]` modulo 2^32.

    `x` int8 [n, in], `weight` int8 [out, in], `bias` int32 [out]; returns int32 values [n, out] as int64.
    """
    total = np.asarray(x, np.int64) @ np.asarray(weight, np.int64).T
    return wrap_int32(total + np.asarray(bias, np.int64))


def row_bound(weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """`|bias| + 128 * sum |weight|` of each row, int64 [out]: no sum of the bias and any products is larger.

    `weight` [out, in] and `bias` [out], integers. It is the bound that `dense_s8.acc_fits_int16` proves with.
    """
    return np.abs(np.asarray(bias, np.int64)) + 128 * np.abs(np.asarray(weight, np.int64)).sum(axis=1)


def fits_int16(weight: np.ndarray, bias: np.ndarray, multiplier: np.ndarray) -> bool:
    """Whether int16 lanes compute this fused layer exactly: every row's bound and every multiplier's upper half fit.

    `multiplier` int32 [out] of the requantizers, empty in a last layer, which has no such kernel.
    """
    multiplier = np.asarray(multiplier, np.int64)
    return bool(
        len(multiplier) and (row_bound(weight, bias) <= INT16_MAX).all() and (multiplier % HALF_WORD == 0).all()
    )
