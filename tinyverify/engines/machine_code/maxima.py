"""What is known of linear forms that hold a maximum: closer intervals, and ramps.

Serves `kernel.object_code`. `max(a, b) - a` is never negative though `max(a, b)` and `a` overlap, and it is a function
of `b - a` alone: the distances from the largest accumulator, from which softmax weights are read, are such forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tinyverify.engines.machine_code.linear import Linear, Value, add

if TYPE_CHECKING:
    from tinyverify.engines.machine_code.terms import Terms


class Ramp(NamedTuple):
    """`times * max(0, difference) + constant`."""

    times: int
    difference: Linear
    constant: int


def tightened(terms: Terms, value: Linear, low: int, high: int) -> tuple[int, int]:
    """An interval inside [low, high] that holds `value`: a maximum is one of its members, and none is larger."""
    for atom, k in value.terms.items():
        if terms.atoms[atom].operation == "max":
            ends = [terms.bounds(with_member) for with_member in _with_members(terms, value, atom, k)]
            lows, highs = [end[0] for end in ends], [end[1] for end in ends]
            low = max(low, max(lows) if k > 0 else min(lows))
            high = min(high, max(highs) if k > 0 else min(highs))
    return low, high


def ramp(terms: Terms, value: Value) -> Ramp | None:
    """`value` as a ramp, if it is a multiple of `max(a, b) - a`, and a constant."""
    if isinstance(value, int):
        return None
    for atom, k in value.terms.items():
        known = terms.atoms[atom]
        if known.operation == "max" and len(known.arguments) == 2:
            first, second = (terms.value(member) for member in known.arguments)
            for rest, difference in zip(
                _with_members(terms, value, atom, k), (add(second, first, -1), add(first, second, -1)), strict=True
            ):
                if isinstance(rest, int) and isinstance(difference, Linear):
                    return Ramp(k, difference, rest)
    return None


def _with_members(terms: Terms, value: Linear, atom: int, k: int) -> list[Value]:
    """`value` with each member in the place of the maximum `atom`, whose coefficient is `k`."""
    rest = add(value, Linear(0, {atom: 1}), -k)
    return [add(rest, terms.value(member), k) for member in terms.atoms[atom].arguments]
