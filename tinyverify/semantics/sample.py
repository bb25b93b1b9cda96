"""`sample`: an action drawn by table, discrete or continuous, and the generator xorshift32.

Serves `sample.*`. The random word is an argument, so every draw can be replayed.
"""

from __future__ import annotations

import numpy as np

from tinyverify.semantics.requantize import RoundingMode, requantize

XORSHIFT_SEED = 0x9E3779B9


def xorshift32(state: int) -> int:
    """The next state (and random word) after uint32 `state`; 0, the fixed point, is replaced by a constant."""
    state = state or XORSHIFT_SEED
    state ^= (state << 13) & 0xFFFFFFFF
    state ^= state >> 17
    return state ^ ((state << 5) & 0xFFFFFFFF)


def sample_discrete(weights: np.ndarray, random: np.ndarray) -> np.ndarray:
    """Index [n] of the first i with e[0] + ... + e[i] > (random * S) >> 32; `random` uint32 [n] as int64."""
    total = weights.sum(axis=-1)
    threshold = (np.asarray(random, np.int64) * total) >> 32  # 2^32 * 127 * actions: inside int64
    return np.argmax(np.cumsum(weights, axis=-1) > threshold[..., None], axis=-1)


def sample_continuous(
    mean: np.ndarray,
    log_std: np.ndarray,
    gauss: np.ndarray,
    noise_multiplier: int,
    noise_shift: int,
    std_lut: np.ndarray,
    tanh_lut: np.ndarray,
    mode: RoundingMode,
) -> np.ndarray:
    """Action codes [n] in [-128, 127] of int8 `mean` and `log_std` codes [n].

    `gauss` [n]: entries of the quantile table, or 0 for the deterministic action. `std_lut`, `tanh_lut` int8 [256].
    """
    std = np.asarray(std_lut, np.int64)[np.asarray(log_std) + 128]
    noise = requantize(std * np.asarray(gauss, np.int64), noise_multiplier, noise_shift, 0, -128, 127, mode)
    return np.asarray(tanh_lut, np.int64)[np.clip(mean + noise, -128, 127) + 128]
