"""The int8 tables of the heads.

Serves `softmax_lut.*` and `sample.*`. Each table is indexed by an int8 code plus 128. Built in float64 once,
off line; what the tables then guarantee is shown about their bytes, not about this module.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

EXP_RANGE = 6.0  # logits; 127 * exp(-6) = 0.31 rounds to 0, so the table covers its whole range


def _int8(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), -128, 127).astype(np.int8)


def exp_table(difference_scale: float) -> np.ndarray:
    """`round(127 * exp(-k * difference_scale))` for k = 0..255, int8 [256]; the entry for k = 0 is 127."""
    return _int8(127 * np.exp(-np.arange(256) * difference_scale))


def std_table(log_std_scale: float, zero_point: int, std_scale: float) -> np.ndarray:
    """Standard deviations in units of `std_scale` for log_std codes -128..127, int8 [256]."""
    return _int8(np.exp((np.arange(-128, 128) - zero_point) * log_std_scale) / std_scale)


def gauss_scale() -> float:
    """Units of one code of the quantile table: its largest quantile becomes 127."""
    return NormalDist().inv_cdf(255.5 / 256) / 127


def gauss_table() -> np.ndarray:
    """Standard normal quantiles at (k + 1/2) / 256 in units of `gauss_scale()`, int8 [256], antisymmetric."""
    quantiles = np.array([NormalDist().inv_cdf((k + 0.5) / 256) for k in range(256)])
    return _int8(quantiles / gauss_scale())


def tanh_table(mean_scale: float) -> np.ndarray:
    """`round(127 * tanh(code * mean_scale))` for codes -128..127, int8 [256]."""
    return _int8(127 * np.tanh(np.arange(-128, 128) * mean_scale))
