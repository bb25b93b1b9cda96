"""`requantize`: int32 accumulator to int8 by a fixed-point multiplier and a rounding shift.

Serves `requantize.*`. Integers only; the real-valued scale is turned into (multiplier, shift) in
`tinyverify.quantize`. Left shifts (a real multiplier of 1 or more) are outside the contract.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

MULTIPLIER_MIN, MULTIPLIER_MAX = 1 << 30, (1 << 31) - 1
SHIFT_MIN, SHIFT_MAX = 0, 31
INT32_MIN, INT32_MAX = -(1 << 31), (1 << 31) - 1


class RoundingMode(StrEnum):
    """Which of the arithmetics in use is meant; the one in the emitted C is the one that is proved."""

    DOUBLE_TIES_UP = "double_ties_up"  # MVE vqrdmulh + vrshl; LiteRT without delegates
    DOUBLE_TIES_AWAY = "double_ties_away"  # TFLM, CMSIS-NN
    SINGLE_TIES_UP = "single_ties_up"  # CMSIS-NN with single rounding


def rounding_doubling_high_mul(acc: np.ndarray, multiplier: np.ndarray | int) -> np.ndarray:
    """`(acc * multiplier + 2^30) >> 31`, int64 in and out.

    Equals vqrdmulh for multiplier >= 0: |acc * multiplier| <= 2^31 * (2^31 - 1), so the sum stays inside int64.
    """
    return (np.asarray(acc, np.int64) * np.asarray(multiplier, np.int64) + (1 << 30)) >> 31


def scale_accumulator(
    acc: np.ndarray, multiplier: np.ndarray | int, shift: np.ndarray | int, mode: RoundingMode
) -> np.ndarray:
    """The rounded quotient `acc * multiplier / 2^(31 + shift)` before zero point and clamp, int64, broadcast."""
    shift = np.asarray(shift, np.int64)
    if mode is RoundingMode.SINGLE_TIES_UP:
        # 2^62 - 2^31 + 2^61 at the most: inside int64.
        product = np.asarray(acc, np.int64) * np.asarray(multiplier, np.int64)
        return (product + (np.int64(1) << (30 + shift))) >> (31 + shift)
    high = rounding_doubling_high_mul(acc, multiplier)
    if mode is RoundingMode.DOUBLE_TIES_UP:
        return (high + ((np.int64(1) << shift) >> 1)) >> shift
    mask = (np.int64(1) << shift) - 1
    remainder = high & mask
    threshold = (mask >> 1) + (high < 0)
    return (high >> shift) + (remainder > threshold)


def requantize(
    acc: np.ndarray,
    multiplier: np.ndarray | int,
    shift: np.ndarray | int,
    zero_point: np.ndarray | int,
    lo: int = -128,
    hi: int = 127,
    mode: RoundingMode = RoundingMode.DOUBLE_TIES_UP,
) -> np.ndarray:
    """int32 `acc` [..., channels] to int8 codes of the same shape (as int64).

    `multiplier` in [2^30, 2^31), `shift` in [0, 31], `zero_point` in [-128, 127], each per channel or one for all.
    """
    scaled = scale_accumulator(acc, multiplier, shift, mode)
    return np.clip(scaled + np.asarray(zero_point, np.int64), lo, hi)


def least_accumulators(
    multiplier: int, shift: int, zero_point: int, lo: int, hi: int, mode: RoundingMode
) -> np.ndarray:
    """For each int8 code the least int32 whose code is that or a larger one, 2^31 if none; int64 [256], by bisection.

    They determine requantize, which is monotone (`requantize.monotone`).
    """
    wanted = np.arange(-128, 128)
    low, high = np.full(256, INT32_MIN, np.int64), np.full(256, INT32_MAX + 1, np.int64)
    while (open_ := low < high).any():
        middle = (low + high) // 2
        codes = requantize(np.minimum(middle, INT32_MAX), multiplier, shift, zero_point, lo, hi, mode)
        reached = open_ & (codes >= wanted)
        high, low = np.where(reached, middle, high), np.where(open_ & ~reached, middle + 1, low)
    return low
