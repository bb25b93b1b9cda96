"""The value of terms for given values of the inputs, many samples at once.

Serves `kernel.object_code`: finds concrete inputs on which two terms differ, and lets tests compare terms with the
emulator. Exact: 64-bit integers where the intervals allow, Python integers elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tinyverify.engines.machine_code.conditions import Condition, compared
from tinyverify.engines.machine_code.floats import OPERATIONS
from tinyverify.engines.machine_code.linear import Value
from tinyverify.engines.machine_code.terms import Terms

SAFE = 1 << 62


class Evaluation:
    """Values of terms over `count` samples; `inputs(name, index)` gives int64 [count] for each input atom."""

    def __init__(self, terms: Terms, count: int, inputs: Callable[[str, int], np.ndarray]):
        self.terms = terms
        self.count = count
        self.inputs = inputs
        self._atoms: dict[int, np.ndarray] = {}
        self._conditions: dict[tuple, np.ndarray] = {}

    def value(self, value: Value) -> np.ndarray:
        """`value` for every sample, int64 or object."""
        if isinstance(value, int):
            return np.full(self.count, value, np.int64 if abs(value) < SAFE else object)
        atoms = self.terms.atoms
        reach = abs(value.constant) + sum(
            abs(k) * max(abs(atoms[a].low), abs(atoms[a].high)) for a, k in value.terms.items()
        )
        if reach < SAFE:
            total = np.full(self.count, value.constant, np.int64)
            for atom, k in value.terms.items():
                total = total + np.int64(k) * self.atom(atom)
            return total
        total = np.full(self.count, value.constant, object)
        for atom, k in value.terms.items():
            total = total + k * self.atom(atom).astype(object)
        return total

    def ref(self, ref: int) -> np.ndarray:
        return self.value(self.terms.value(ref))

    def atom(self, atom: int) -> np.ndarray:
        """The atom for every sample."""
        found = self._atoms.get(atom)
        if found is None:
            for missing in self._missing(atom):  # children first, without deep recursion
                computed = self._compute(missing)
                low, high = self.terms.atoms[missing].low, self.terms.atoms[missing].high
                if computed.dtype == object and low > -SAFE and high < SAFE:
                    computed = computed.astype(np.int64)
                if bool(np.any(computed < low)) or bool(np.any(computed > high)):
                    raise AssertionError(f"atom {self.terms.atoms[missing]} leaves its interval")
                self._atoms[missing] = computed
            found = self._atoms[atom]
        return found

    def _missing(self, atom: int) -> list[int]:
        """The atoms below `atom` that have no value yet, in order of creation (arguments come first)."""
        wanted, todo = set(), [atom]
        while todo:
            at = todo.pop()
            if at in wanted or at in self._atoms:
                continue
            wanted.add(at)
            todo += arguments_of(self.terms, at)
        return sorted(wanted)

    def condition(self, condition: Condition) -> np.ndarray:
        """`condition` for every sample, bool."""
        if isinstance(condition, bool):
            return np.full(self.count, condition)
        if condition not in self._conditions:
            self._conditions[condition] = self._condition(*condition)
        return self._conditions[condition]

    def _condition(self, kind: str, content: Any) -> np.ndarray:
        if kind == "ge":
            return self.ref(content) >= 0
        if kind == "eq":
            return self.ref(content) == 0
        if kind == "ne":
            return self.ref(content) != 0
        parts = [self.condition(part) for part in content]
        return np.logical_and.reduce(parts) if kind == "and" else np.logical_or.reduce(parts)

    def _compute(self, atom: int) -> np.ndarray:
        operation, arguments, _, _ = self.terms.atoms[atom]
        if operation in ("input", "pointer"):
            return np.asarray(self.inputs(*arguments))
        if operation == "floor":
            return self.ref(arguments[0]) >> arguments[1]
        if operation == "mod":
            return self.ref(arguments[0]) & ((1 << arguments[1]) - 1)
        if operation == "clamp":
            base, low, high = self.ref(arguments[0]), arguments[1], arguments[2]
            return np.minimum(np.maximum(base, low), high)
        if operation == "max":
            return np.maximum.reduce([self.ref(ref) for ref in arguments])
        if operation == "and":
            return self.ref(arguments[0]) & arguments[1]
        if operation == "bit":
            return self.condition(arguments[0]).astype(np.int64)
        if operation == "select":
            return np.where(self.condition(arguments[0]), self.ref(arguments[1]), self.ref(arguments[2]))
        if operation == "product":
            return self.ref(arguments[0]).astype(object) * self.ref(arguments[1]).astype(object)
        if operation == "divide":
            a, b = self.ref(arguments[0]), self.ref(arguments[1])
            return np.where(b == 0, 0, a // np.where(b == 0, 1, b))
        if operation == "lookup":
            return np.frombuffer(arguments[1], np.uint8).astype(np.int64)[self.ref(arguments[0]).astype(np.int64)]
        if operation == "clz":
            return np.array([32 - int(v).bit_length() for v in self.ref(arguments[0])], np.int64)
        return OPERATIONS[operation](*(self.ref(ref) for ref in arguments))


def arguments_of(terms: Terms, atom: int) -> list[int]:
    """The atoms that `atom` is computed from directly."""
    operation, arguments, _, _ = terms.atoms[atom]
    if operation in ("input", "pointer"):
        return []
    if operation in ("floor", "mod", "clamp", "and", "lookup", "clz"):
        return _atoms_of_ref(terms, arguments[0])
    if operation == "bit":
        return _atoms_of_condition(terms, arguments[0])
    if operation == "select":
        refs = _atoms_of_ref(terms, arguments[1]) + _atoms_of_ref(terms, arguments[2])
        return _atoms_of_condition(terms, arguments[0]) + refs
    return [atom for ref in arguments for atom in _atoms_of_ref(terms, ref)]


def _atoms_of_ref(terms: Terms, ref: int) -> list[int]:
    value = terms.value(ref)
    return [] if isinstance(value, int) else list(value.terms)


def _atoms_of_condition(terms: Terms, condition: Condition) -> list[int]:
    return [atom for ref in compared(condition) for atom in _atoms_of_ref(terms, ref)]
