"""Requantizers, scales and tables of the two heads.

Serves `softmax_lut.*` and `sample.*`.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import ContinuousHead, DiscreteHead
from tinyverify.quantize import tables
from tinyverify.quantize.fixed_point import exact, fixed_point
from tinyverify.quantize.layers import float32

MEAN_LIMIT = 4.0  # tanh(4) = 0.9993: one code below the bound
LOG_STD_LIMITS = (-5.0, 2.0)


def discrete_head(logit_scale: float) -> tuple[DiscreteHead, dict[str, np.ndarray]]:
    """Head and tables for accumulators in units of `logit_scale`.

    Accumulators coarser than the table's own step get a table with their step, so that the multiplier stays below 1.
    """
    difference_scale = float(float32(max(tables.EXP_RANGE / 255, logit_scale * 1.001)))
    multiplier, shift = fixed_point(exact(logit_scale) / exact(difference_scale))
    head = DiscreteHead(
        kind="discrete", multiplier=(multiplier,), shift=(shift,), zero_point=(-128,), difference_scale=difference_scale
    )
    return head, {"exp": tables.exp_table(difference_scale)}


def continuous_head(
    logit_scale: np.ndarray, log_std_low: float, log_std_high: float, action_bound: float
) -> tuple[ContinuousHead, dict[str, np.ndarray]]:
    """Head and tables for accumulators in units of `logit_scale` [2]; actions lie in [-action_bound, action_bound].

    The range of log_std is widened to hold 0, as an int8 zero point needs.
    """
    low = min(max(log_std_low, LOG_STD_LIMITS[0]), 0.0)
    high = max(min(log_std_high, LOG_STD_LIMITS[1]), 0.0)
    mean_scale = float(float32(max(MEAN_LIMIT / 127, float(logit_scale[0]) * 1.001)))
    log_std_scale = float(float32(max((high - low) / 255, 2.0**-10, float(logit_scale[1]) * 1.001)))
    log_std_zero = int(np.clip(np.rint(-128 - low / log_std_scale), -128, 127))
    std_scale = float(float32(np.exp(high) / 127))
    gauss_scale = float(float32(tables.gauss_scale()))
    fixed = [
        fixed_point(exact(unit) / exact(scale))
        for unit, scale in zip(logit_scale, (mean_scale, log_std_scale), strict=True)
    ]
    noise_multiplier, noise_shift = fixed_point(exact(std_scale) * exact(gauss_scale) / exact(mean_scale))
    head = ContinuousHead(
        kind="continuous",
        multiplier=(fixed[0][0], fixed[1][0]),
        shift=(fixed[0][1], fixed[1][1]),
        zero_point=(0, log_std_zero),
        output_scale=(mean_scale, log_std_scale),
        noise_multiplier=noise_multiplier,
        noise_shift=noise_shift,
        std_scale=std_scale,
        gauss_scale=gauss_scale,
        action_scale=float(float32(action_bound / 127)),
    )
    return head, {
        "std": tables.std_table(log_std_scale, log_std_zero, std_scale),
        "gauss": tables.gauss_table(),
        "tanh": tables.tanh_table(mean_scale),
    }
