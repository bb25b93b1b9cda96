"""`dense_s8`: int8 x int8 -> int32 accumulate + int32 bias.

Serves `dense_s8.*`. Arithmetic is exact in int64 and then wrapped to int32 as the machine does;
`dense_s8.acc_no_overflow` shows that for a proved policy the wrap never acts.
"""

from __future__ import annotations

import numpy as np


def wrap_int32(value: np.ndarray) -> np.ndarray:
    """`value` modulo 2^32 into [-2^31, 2^31), int64."""
    return ((np.asarray(value, np.int64) + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


def dense_s8(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """`acc[n, j] = bias[j] + sum_i weight[j, i] * x[n, i]` modulo 2^32.

    `x` int8 [n, in], `weight` int8 [out, in], `bias` int32 [out]; returns int32 values [n, out] as int64.
    """
    total = np.asarray(x, np.int64) @ np.asarray(weight, np.int64).T
    return wrap_int32(total + np.asarray(bias, np.int64))
