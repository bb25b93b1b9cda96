"""Exact integer linear forms over atoms: `constant + sum coefficient * atom`.

Serves `kernel.object_code`. A value is a Python int or a `Linear` with at least one atom, so equal linear forms have
equal contents. Unbounded integers: nothing wraps here, and nothing here knows what an atom means (terms.py).
"""

from __future__ import annotations

from collections.abc import Iterable


class Linear:
    """`constant + sum(terms[atom] * atom)`; no coefficient is zero. Never changed after it is built.

    `bounds` and `ref` are caches that terms.py fills.
    """

    __slots__ = ("bounds", "constant", "ref", "terms")

    def __init__(self, constant: int, terms: dict[int, int]):
        self.constant = constant
        self.terms = terms
        self.bounds: tuple[int, int] | None = None
        self.ref: int | None = None

    def __repr__(self) -> str:
        return " + ".join([str(self.constant), *(f"{k}*a{a}" for a, k in sorted(self.terms.items()))])


Value = int | Linear


def linear(constant: int, terms: dict[int, int]) -> Value:
    """The value with these parts; `terms` must not hold a zero."""
    return Linear(constant, terms) if terms else constant


def add(a: Value, b: Value, times: int = 1) -> Value:
    """`a + times * b`."""
    if isinstance(b, int):
        if isinstance(a, int):
            return a + times * b
        return Linear(a.constant + times * b, a.terms) if b else a
    if isinstance(a, int):
        return add(scale(b, times), a) if times != 1 else (Linear(b.constant + a, b.terms) if a else b)
    return combine(a, [(times, b)])


def scale(a: Value, times: int) -> Value:
    """`times * a`."""
    if isinstance(a, int):
        return a * times
    if times == 0:
        return 0
    if times == 1:
        return a
    return Linear(a.constant * times, {atom: k * times for atom, k in a.terms.items()})


def combine(base: Value, parts: Iterable[tuple[int, Value]]) -> Value:
    """`base + sum(times * value)` over `parts`."""
    constant, terms = (base, {}) if isinstance(base, int) else (base.constant, dict(base.terms))
    for times, value in parts:
        if isinstance(value, int):
            constant += times * value
            continue
        constant += times * value.constant
        for atom, k in value.terms.items():
            total = terms.get(atom, 0) + times * k
            if total:
                terms[atom] = total
            else:
                terms.pop(atom, None)
    return linear(constant, terms)


def single(a: Value) -> tuple[int, int, int] | None:
    """(atom, coefficient, constant) if `a` has exactly one atom."""
    if isinstance(a, int) or len(a.terms) != 1:
        return None
    ((atom, k),) = a.terms.items()
    return atom, k, a.constant
