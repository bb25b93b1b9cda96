"""The float32 numbers that int8 represents, feature by feature: what the guard at the input compares with.

Serves no obligation. The numbers come from the integer reference of the multiplication, so the guard itself multiplies
nothing; tests/firmware holds it against semantics/checked.py.
"""

from __future__ import annotations

import numpy as np

from tinyverify.artifacts.policy import Policy
from tinyverify.semantics import float32
from tinyverify.semantics.checked import beyond

_LARGEST = 0x7F7FFFFF  # the largest finite number, as its pattern and as its place


def observation_limits(policy: Policy) -> list[tuple[int, int]]:
    """For each feature the place (uint32) of the least representable number, and the distance to the largest.

    A number's place: its pattern if positive, else with all bits but the sign flipped, as a signed number; places are
    in the order of the numbers. Representable: times `inv_scale` at most 1/2 outside the int8 range about the zero
    point. The product is monotone in the number, so both ends come from a binary search.
    """
    inv_scale = float32.bits_of(policy.inv_scale)
    zero_point = policy.input_zero_point.astype(np.int64)
    zero = np.zeros(len(inv_scale), np.int64)

    def last_inside(sign: int) -> np.ndarray:
        """The largest magnitude on the side of `sign` that is not beyond; 0 never is."""
        inside, outside = zero.copy(), zero + _LARGEST + 1
        while np.any(outside - inside > 1):
            middle = (inside + outside) // 2
            out = beyond(middle | sign, inv_scale, zero_point)
            inside, outside = np.where(out, inside, middle), np.where(out, middle, outside)
        return inside

    lowest, largest = -1 - last_inside(float32.SIGN), last_inside(0)
    return [(int(low) & 0xFFFFFFFF, int(high - low)) for low, high in zip(lowest, largest, strict=True)]
