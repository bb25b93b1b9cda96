"""Functions of one number shown equal on intervals of it, halved where an interval does not settle the matter.

Serves `kernel.object_code`, for what tabulate.py cannot list: the code of an observation, which may be any of 2^32
patterns. Every operation gets an interval that holds its results; float operations are monotone where their operand
keeps its sign and is no NaN. What MAX_PIECES intervals do not settle is not shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.evaluate import SAFE
from tinyverify.engines.machine_code.floats import DEFAULT_NAN as QUIET_NAN
from tinyverify.engines.machine_code.floats import EXPONENT, OPERATIONS
from tinyverify.engines.machine_code.linear import Linear, Value
from tinyverify.engines.machine_code.terms import SIGN, Terms

MAX_PIECES = 1 << 19
LANDMARKS = (-SIGN, -SIGN + EXPONENT + 1, 0, EXPONENT + 1, SIGN)  # signs and NaNs of a float32 pattern
CONVERSIONS = ("to_int32", "to_int32_zero")

Ends = tuple[np.ndarray, np.ndarray]


class TooLarge(Exception):
    """A number that may not fit 64 bits."""


def equal(terms: Terms, form: dict[int, int], ends: tuple[int, int], a: Value, b: Value) -> bool:
    """Whether `a` = `b`, both functions of the linear form `form` alone, in all of its interval `ends`.

    False if that is not shown.
    """
    low, high = ends
    starts = [low, *(mark for mark in LANDMARKS if low < mark <= high)]
    lows, highs = np.array(starts, np.int64), np.array([*(s - 1 for s in starts[1:]), high], np.int64)
    pieces = len(starts)
    while len(lows):
        if pieces > MAX_PIECES:
            return False
        try:
            intervals = Intervals(terms, form, lows, highs)
            (a_low, a_high), (b_low, b_high) = intervals.value(a), intervals.value(b)
        except TooLarge:
            return False
        if np.any((a_high < b_low) | (b_high < a_low)):
            return False
        left = (a_low != a_high) | (b_low != b_high)
        lows, highs = lows[left], highs[left]
        middle = (lows + highs) >> 1
        if np.any(lows == highs):
            return False
        lows, highs = np.concatenate([lows, middle + 1]), np.concatenate([middle, highs])
        pieces += len(lows)
    return True


class Intervals:
    """Intervals that hold terms where `form` is in [low, high], for many such intervals at once: int64 [n] each."""

    def __init__(self, terms: Terms, form: dict[int, int], low: np.ndarray, high: np.ndarray):
        self.terms = terms
        self._form = form
        self._ends = low, high
        self._atoms: dict[int, Ends] = {}
        self._conditions: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}

    def value(self, value: Value) -> Ends:
        """Both ends of `value`'s intervals. Raises TooLarge."""
        if isinstance(value, int):
            return self._constant(value, value)
        times = self._times(value)
        parts = [(times, self._ends)] if times else [(k, self.atom(atom)) for atom, k in value.terms.items()]
        reach = abs(value.constant) + sum(
            abs(k) * max(int(np.abs(low).max()), int(np.abs(high).max())) for k, (low, high) in parts
        )
        if reach >= SAFE:
            raise TooLarge
        low, high = self._constant(value.constant, value.constant)
        for k, (first, last) in parts:
            low = low + k * (first if k > 0 else last)
            high = high + k * (last if k > 0 else first)
        return low, high

    def _times(self, value: Linear) -> int:
        """The factor by which `value`, less its constant, is the form; 0 if it is none."""
        if value.terms.keys() != self._form.keys():
            return 0
        first = min(self._form)
        times = value.terms[first] // self._form[first]
        return times if all(value.terms[atom] == times * k for atom, k in self._form.items()) else 0

    def ref(self, ref: int) -> Ends:
        return self.value(self.terms.value(ref))

    def atom(self, atom: int) -> Ends:
        if atom not in self._atoms:
            self._atoms[atom] = self._compute(atom)
        return self._atoms[atom]

    def _constant(self, low: int, high: int) -> Ends:
        if max(-low, high) >= SAFE:
            raise TooLarge
        count = len(self._ends[0])
        return np.full(count, low, np.int64), np.full(count, high, np.int64)

    def condition(self, condition: Condition) -> tuple[np.ndarray, np.ndarray]:
        """(surely, possibly)."""
        if isinstance(condition, bool):
            return (np.full(len(self._ends[0]), condition),) * 2
        if condition not in self._conditions:
            self._conditions[condition] = self._condition(*condition)
        return self._conditions[condition]

    def _condition(self, kind: str, content: Any) -> tuple[np.ndarray, np.ndarray]:
        if kind in ("and", "or"):
            parts = [self.condition(part) for part in content]
            gather = np.logical_and.reduce if kind == "and" else np.logical_or.reduce
            return gather([p[0] for p in parts]), gather([p[1] for p in parts])
        low, high = self.ref(content)
        if kind == "ge":
            return low >= 0, high >= 0
        surely, possibly = (low == 0) & (high == 0), (low <= 0) & (high >= 0)
        return (surely, possibly) if kind == "eq" else (~possibly, ~surely)

    def _compute(self, atom: int) -> Ends:
        operation, arguments, least, most = self.terms.atoms[atom]
        if operation == "bit":
            surely, possibly = self.condition(arguments[0])
            return surely.astype(np.int64), possibly.astype(np.int64)
        if operation == "select":
            surely, possibly = self.condition(arguments[0])
            (a_low, a_high), (b_low, b_high) = self.ref(arguments[1]), self.ref(arguments[2])
            low = np.where(surely, a_low, np.where(possibly, np.minimum(a_low, b_low), b_low))
            return low, np.where(surely, a_high, np.where(possibly, np.maximum(a_high, b_high), b_high))
        if operation == "max":
            ends = [self.ref(ref) for ref in arguments]
            return np.maximum.reduce([e[0] for e in ends]), np.maximum.reduce([e[1] for e in ends])
        if operation in OPERATIONS:
            return self._float(operation, [self.ref(ref) for ref in arguments])
        if operation not in ("floor", "mod", "clamp", "lookup"):
            return self._constant(least, most)
        low, high = self.ref(arguments[0])
        if operation == "floor":
            return low >> arguments[1], high >> arguments[1]
        if operation == "clamp":
            return np.clip(low, arguments[1], arguments[2]), np.clip(high, arguments[1], arguments[2])
        if operation == "mod":
            kept = low >> arguments[1] == high >> arguments[1]
            mask = (1 << arguments[1]) - 1
            return np.where(kept, low & mask, 0), np.where(kept, high & mask, mask)
        table = np.frombuffer(arguments[1], np.uint8).astype(np.int64)
        inside = np.clip(low, 0, len(table) - 1)
        return np.where(low == high, table[inside], least), np.where(low == high, table[inside], most)

    def _float(self, operation: str, arguments: list[Ends]) -> Ends:
        """A float operation of which one argument at most is not a constant."""
        least, most = self._constant(-SIGN, SIGN - 1)
        points = [low == high for low, high in arguments]
        if sum(not point.all() for point in points) > 1:
            exact = np.logical_and.reduce(points)
            value = OPERATIONS[operation](*(low for low, _ in arguments))
            return np.where(exact, value, least), np.where(exact, value, most)
        first = OPERATIONS[operation](*(low for low, _ in arguments))
        last = OPERATIONS[operation](*(high for _, high in arguments))
        low, high = next((ends for ends, point in zip(arguments, points, strict=True) if not point.all()), arguments[0])
        kept = (low < 0) == (high < 0)
        both_nan = np.zeros(len(low), bool)
        if operation != "from_int32":
            kept &= _is_nan(low) == _is_nan(high)
        if operation not in (*CONVERSIONS, "from_int32"):
            both_nan = _is_nan(first) & _is_nan(last)
            kept &= ((first < 0) == (last < 0)) & (_is_nan(first) == _is_nan(last)) & (_is_nan(low) | ~both_nan)
            both_nan &= kept & (low != high)
        start, end = np.minimum(first, last), np.maximum(first, last)
        base = np.where(first < 0, -SIGN, 0)  # a payload need not keep its order: any quiet NaN of that sign
        start, end = np.where(both_nan, base + QUIET_NAN, start), np.where(both_nan, base + SIGN - 1, end)
        kept |= low == high
        return np.where(kept, start, least), np.where(kept, end, most)


def _is_nan(pattern: np.ndarray) -> np.ndarray:
    return (pattern & (SIGN - 1)) > EXPONENT
