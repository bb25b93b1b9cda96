"""`relu` on int8 codes: the code of 0.0 is the zero point.

Serves `relu.*`. In hidden layers it is fused into requantize as the lower clamp.
"""

from __future__ import annotations

import numpy as np


def relu(q: np.ndarray, zero_point: int) -> np.ndarray:
    """`max(q, zero_point)`, any shape, int8 values as int64."""
    return np.maximum(np.asarray(q, np.int64), zero_point)
