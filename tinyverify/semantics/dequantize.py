"""`dequantize`: int32 accumulator to float32 logit, and the arg max that does not depend on it.

Serves `dequantize.*`. The arg max is taken on integers; with one positive scale for all actions it is the
arg max of the real-valued logits, while float32 rounding could merge two of them.
"""

from __future__ import annotations

import numpy as np

from tinyverify.semantics import float32


def dequantize(acc: np.ndarray, scale_bits: np.ndarray) -> np.ndarray:
    """Patterns (int64) of `float32(acc) * scale`, two roundings to nearest even; `acc` int32 [n, outputs]."""
    return float32.multiply(float32.from_int32(acc), np.asarray(scale_bits, np.int64))


def arg_max(acc: np.ndarray) -> np.ndarray:
    """Index [n] of the largest of `acc` [n, actions]; the first among equals."""
    return np.argmax(np.asarray(acc, np.int64), axis=-1)
