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
    """`times * max(0, difference) + slope * difference + constant`."""

    times: int
    slope: int
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
    """`value` as a ramp, if it is `i * (max(a, b) - a) + j * (max(a, b) - b)` and a constant."""
    if isinstance(value, int):
        return None
    for atom, k in value.terms.items():
        known = terms.atoms[atom]
        if known.operation == "max" and len(known.arguments) == 2:
            first, second = (terms.value(member) for member in known.arguments)
            difference, (rest, _) = add(second, first, -1), _with_members(terms, value, atom, k)
            if isinstance(difference, Linear):
                some = next(iter(difference.terms))
                slope = 0 if isinstance(rest, int) else rest.terms.get(some, 0) // difference.terms[some]
                constant = add(rest, difference, -slope)
                if isinstance(constant, int):
                    return Ramp(k, slope, difference, constant)
    return None


def _with_members(terms: Terms, value: Linear, atom: int, k: int) -> list[Value]:
    """`value` with each member in the place of the maximum `atom`, whose coefficient is `k`."""
    rest = add(value, Linear(0, {atom: 1}), -k)
    return [add(rest, terms.value(member), k) for member in terms.atoms[atom].arguments]
