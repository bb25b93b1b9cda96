"""`softmax_lut`: int32 accumulators to table weights and Q0.15 probabilities.

Serves `softmax_lut.*`. Differences to the largest accumulator are requantized into the table's domain, so large
logits lose nothing. Bounds on the distance to the real softmax are not this module's business.
"""

from __future__ import annotations

import numpy as np

from tinyverify.semantics.dense_s8 import wrap_int32
from tinyverify.semantics.requantize import RoundingMode, requantize


def softmax_weights(
    acc: np.ndarray, multiplier: int, shift: int, exp_lut: np.ndarray, mode: RoundingMode
) -> np.ndarray:
    """Table weights e [n, actions] in [0, 127] (int64) of int32 `acc` [n, actions]; `exp_lut` int8 [256].

    The difference is an int32 of the machine and wraps; `softmax_lut.difference_no_overflow` shows that it never does.
    """
    difference = wrap_int32(np.max(acc, axis=-1, keepdims=True) - acc)
    codes = requantize(difference, multiplier, shift, -128, -128, 127, mode)
    return np.asarray(exp_lut, np.int64)[codes + 128]


def softmax_probabilities(weights: np.ndarray) -> np.ndarray:
    """Q0.15 probabilities [n, actions] in [0, 32768]: `(e * 2^15 + (S >> 1)) // S`, S the sum of a row (>= 127)."""
    total = weights.sum(axis=-1, keepdims=True)
    return ((weights << 15) + (total >> 1)) // total
