"""How a recorded run converts an observation: `Border` of lean/TinyVerify/ObjectCode/Observation.lean.

Serves `kernel.object_code` in Lean. Vector code multiplies and converts. Scalar code compares floats besides: a
comparison is recorded as one of integers that are ordered as the floats are, with a test for NaN before
(machine_code/floats.py, flags.py), and becomes one constructor here.
"""

from __future__ import annotations

import numpy as np

from tinyverify.engines.lean_object_code.expressions import NotExpressible
from tinyverify.engines.lean_object_code.program import Expr
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.conditions import Condition
from tinyverify.engines.machine_code.floats import EXPONENT, MAGNITUDE
from tinyverify.engines.machine_code.linear import Linear, Value, add, single
from tinyverify.engines.machine_code.terms import SIGN, WORD

MAX_INTEGER = 1 << 24  # a float32 holds every integer up to here


def border_of(terms: Recorder, atom: int) -> tuple[int, Expr] | None:
    """(index of the observation, its border) of a conversion; None for another operation. Raises NotExpressible."""
    operation, arguments, _, _ = terms.atoms[atom]
    if operation == "to_int32":
        index, factor = _product(terms, terms.value(arguments[0]), "multiply")
        return index, ("vector", factor)
    if operation == "to_int32_zero":
        scalar = _Scalar(terms)
        e = scalar.of(terms.value(arguments[0]))
        if scalar.index is None:
            raise NotExpressible("a conversion of a constant")
        return scalar.index, ("scalar", e)
    return None


def _product(terms: Recorder, product: Value, operation: str) -> tuple[int, int]:
    """(index of the observation, pattern of the factor)"""
    atom = _atom(terms, product)
    if atom is not None and terms.atoms[atom].operation == operation:
        sides = [terms.value(ref) for ref in terms.atoms[atom].arguments]
        constants = [side for side in sides if isinstance(side, int)]
        observed = [_observed(terms, side) for side in sides if not isinstance(side, int)]
        if len(constants) == 1 and observed[0] is not None:
            return observed[0], constants[0] & 0xFFFFFFFF
    raise NotExpressible("a conversion of something else than an observation times a constant")


def _atom(terms: Recorder, value: Value) -> int | None:
    """The atom that `value` is, without the wrap-around of a word around a word."""
    while True:
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            return None
        operation, arguments, low, high = terms.atoms[one[0]]
        if operation not in ("signed", "unsigned") or arguments[1] != WORD:
            return one[0]
        inner = terms.value(arguments[0])
        if terms.bounds(inner) != (low, high):  # the wrap-around may change it
            return one[0]
        value = inner


def _observed(terms: Recorder, value: Value) -> int | None:
    """Which observation's pattern `value` is."""
    atom = _atom(terms, value)
    if atom is not None and terms.atoms[atom].operation == "input" and terms.atoms[atom].arguments[0] == "observation":
        return terms.atoms[atom].arguments[1]
    return None


class _Scalar:
    """`Scalar` of the floats that scalar code computes from one observation, `index`."""

    def __init__(self, terms: Recorder):
        self.terms = terms
        self.index: int | None = None

    def of(self, value: Value) -> Expr:
        atom = _atom(self.terms, value)
        if atom is None:
            raise NotExpressible("a float that is no operation's result")
        operation, arguments, _, _ = self.terms.atoms[atom]
        if operation == "multiply_scalar":
            index, factor = _product(self.terms, value, "multiply_scalar")
            if self.index not in (None, index):
                raise NotExpressible("a float that two observations go into")
            self.index = index
            return ("product", factor)
        if operation in ("add_scalar", "subtract_scalar"):
            first, second = (self.terms.value(ref) for ref in arguments)
            if operation == "add_scalar" and isinstance(first, int):
                first, second = second, first
            if isinstance(second, int):
                k = _integer(second)
                return ("add", self.of(first), k if operation == "add_scalar" else -k)
        if operation == "select":
            condition, then, otherwise = arguments[0], self.terms.value(arguments[1]), self.terms.value(arguments[2])
            if condition[0] == "not":
                condition, then, otherwise = condition[1], otherwise, then
            if isinstance(then, int):
                return self._replaced(condition, then, otherwise)
        raise NotExpressible(f"the operation {operation} where an observation is rounded")

    def _replaced(self, condition: Condition, constant: int, value: Value) -> Expr:
        """The float `value`, or `constant` where the condition holds."""
        e, atom = self.of(value), _atom(self.terms, value)
        nan, compared = self._is_nan(condition), self._compared(condition)
        if constant == 0 and nan is not None and nan == (False, atom):
            return ("orZero", e)
        if constant == 0 and nan == (True, self.index):
            return ("orZeroInput", e)
        if compared is not None and compared[1:] == (atom, _ordered(constant)):
            return ("atLeast" if compared[0] == "less" else "atMost", e, _integer(constant))
        raise NotExpressible("a condition on a float that is no test for NaN and no comparison with what replaces it")

    def _is_nan(self, condition: Condition) -> tuple[bool, int] | None:
        """(False, atom) where `condition` asks whether this float is a NaN, (True, i) for observation `i`."""
        kind, content = condition
        if kind == "or":
            found = {self._is_nan(part) for part in content}
            return found.pop() if len(found) == 1 else None
        value = self.terms.value(content) if kind == "ge" else 0
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, -EXPONENT - 1):
            return None
        magnitude = _atom(self.terms, Linear(0, {one[0]: 1}))
        operation, arguments, _, _ = self.terms.atoms[one[0] if magnitude is None else magnitude]
        if (operation, *arguments[1:]) == ("and", MAGNITUDE):
            index = _observed(self.terms, self.terms.value(arguments[0]))
            return None if index is None else (True, index)
        if (operation, *arguments[1:]) == ("unsigned", WORD - 1):
            atom = _atom(self.terms, self.terms.value(arguments[0]))
            return None if atom is None else (False, atom)
        return None

    def _compared(self, condition: Condition) -> tuple[str, int, int] | None:
        """("less" or "more", atom, c) where the float `atom` is compared with the one whose order is `c`."""
        kind, content = condition
        if kind != "and" or len(content) != 2 or content[0][0] != "not":
            return None
        nan, (kind, compared) = self._is_nan(content[0][1]), content[1]
        negated = kind == "not"
        kind, compared = compared if negated else (kind, compared)
        value = self.terms.value(compared) if kind == "ge" else 0
        one = None if isinstance(value, int) else single(value)
        if nan is None or one is None or abs(one[1]) != 1:
            return None
        ordered, sign, constant = one
        if negated:  # not v >= 0 is -v - 1 >= 0
            sign, constant = -sign, -constant - 1
        operation, arguments, _, _ = self.terms.atoms[ordered]
        if operation != "select" or arguments[0][0] != "ge":
            return None
        positive, negative = self.terms.value(arguments[1]), self.terms.value(arguments[2])
        tested = self.terms.value(arguments[0][1])
        if not self.terms.same(tested, positive) or not self.terms.same(negative, add(-SIGN, positive, -1)):
            return None
        atom = _atom(self.terms, positive)
        if nan != (False, atom):
            return None
        return ("more", atom, -constant - 1) if sign == 1 else ("less", atom, constant + 1)


def _ordered(pattern: int) -> int:
    """The integer that floats.order gives for a signed word."""
    return pattern if pattern >= 0 else -SIGN - pattern


def _integer(pattern: int) -> int:
    """The integer that the float with this pattern is."""
    value = float(np.array([pattern & 0xFFFFFFFF], np.uint32).view(np.float32)[0])
    if not abs(value) <= MAX_INTEGER or value != int(value):
        raise NotExpressible("a float constant that is no integer of 24 bits")
    return int(value)
