"""Expressions over the values of one layer, from the atoms of a recorded run: an atom is its operation's constructor.

Serves `kernel.object_code` in Lean. Nothing is simplified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinyverify.engines.lean_bundle.packing import pack
from tinyverify.engines.lean_object_code.program import Expr, walk
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.linear import Linear, Value, single

WORD = 32
MAX_SIZE = 2000  # nodes of one expression: a tree of shared parts must not explode


class NotExpressible(Exception):
    """The run holds something that the language of ObjectCode/Spec.lean has no word for, or not in this place."""


Row = tuple[tuple[int, ...], int]  # weights and bias


@dataclass(frozen=True)
class Names:
    """What atoms are called in one layer: `values` gives the index of each value of the layer before.

    `width`: how many there are; `words`: whether they are 32-bit words and not int8 codes. `whole`: the weights and
    bias behind those that the run is left with, where values of the layer before are constants or alike (units.py).
    """

    values: dict[int, int]
    width: int
    words: bool
    whole: Mapping[Row, Row] = field(default_factory=dict)


def carry_of(terms: Recorder, value: Linear) -> tuple[int, Value, int] | None:
    """(atom, low, k) if `value` is that atom plus the carry out of the low 32 bits of `low + k`."""
    if value.constant or len(value.terms) != 2 or set(value.terms.values()) != {1}:
        return None
    for atom in value.terms:
        operation, arguments, _, _ = terms.atoms[atom]
        base = terms.value(arguments[0]) if operation == "floor" and arguments[1] == 32 else 0
        one = None if isinstance(base, int) else single(base)
        if one is not None and one[1] == 1 and terms.atoms[one[0]].operation == "unsigned":
            reference, bits = terms.atoms[one[0]].arguments
            if bits == 32:
                (other,) = value.terms.keys() - {atom}
                return other, terms.value(reference), one[2]
    return None


def _recombined(terms: Recorder, value: Linear) -> bool:
    """Whether `value` is a word that a shift of a 64-bit number in two registers leaves.

    That is: the upper bits of the low word, and the high word shifted left by as many.
    """
    if value.constant or len(value.terms) != 2 or set(value.terms.values()) != {1}:
        return False
    right, left = [], []
    for atom in value.terms:
        operation, arguments, _, _ = terms.atoms[atom]
        if operation == "unsigned" and arguments[1] == WORD:
            shifted = terms.value(arguments[0])
            one = None if isinstance(shifted, int) else single(shifted)
            if one is not None and one[1:] == (1, 0):
                operation, arguments, _, _ = terms.atoms[one[0]]
            elif isinstance(shifted, Linear) and not shifted.constant:
                left += set(shifted.terms.values())
        if operation == "floor":
            right.append(1 << WORD - arguments[1] if arguments[1] <= WORD else 0)
    return len(right) == 1 and left == right


class Expression:
    """Expressions over the values that `names` knows."""

    def __init__(self, terms: Recorder, names: Names):
        self.terms = terms
        self.names = names
        self._known: dict[int, Expr] = {}

    def of(self, value: Value) -> Expr:
        """The expression of a linear form. Raises NotExpressible."""
        if isinstance(value, int):
            return ("const", value)
        if not self.names.words and value.terms.keys() <= self.names.values.keys():
            return self._sum(value)
        carry = carry_of(self.terms, value)
        if carry is not None:
            atom, low, k = carry
            return ("carry", self.atom(atom), self.of(low), k)
        factors = set(value.terms.values())
        if len(value.terms) == 2 and len(factors) == 1 and factors != {1} and not value.constant:
            (k,) = factors
            return ("mul", self.of(Linear(0, dict.fromkeys(value.terms, 1))), k)
        if _recombined(self.terms, Linear(0, value.terms)):
            a, b = (self.atom(atom) for atom in value.terms)
            return plus(("plus", a, b), value.constant)
        one = single(value)
        if one is None:
            raise NotExpressible(f"a sum of {len(value.terms)} results")
        atom, k, constant = one
        found = self.atom(atom)
        return plus(found if k == 1 else ("mul", found, k), constant)

    def _sum(self, value: Linear) -> Expr:
        weights = [0] * self.names.width
        for atom, k in value.terms.items():
            weights[self.names.values[atom]] = k
        left = tuple(weights), value.constant
        row, bias = self.names.whole.get(left, left)
        try:
            return plus(("dot", self.names.width, pack(row)), bias)
        except ValueError as error:
            raise NotExpressible(f"a weight outside int8: {error}") from error

    def atom(self, atom: int) -> Expr:
        if atom in self.names.values:
            return ("value", self.names.values[atom])
        if atom not in self._known:
            found = self._known[atom] = self._operation(*self.terms.atoms[atom][:2])
            if len(walk(found)) > MAX_SIZE:
                raise NotExpressible(f"an expression of more than {MAX_SIZE} operations")
        return self._known[atom]

    def _operation(self, operation: str, arguments: tuple) -> Expr:
        value = self.terms.value
        if operation in ("floor", "unsigned", "signed"):
            return (operation, self.of(value(arguments[0])), arguments[1])
        if operation == "clamp":
            return ("clamp", self.of(value(arguments[0])), arguments[1], arguments[2])
        if operation in ("max", "min"):
            sides = [value(ref) for ref in arguments]
            constants = [side for side in sides if isinstance(side, int)]
            others = [side for side in sides if not isinstance(side, int)]
            if len(constants) == 1 and len(others) == 1:
                return (operation, self.of(others[0]), constants[0])
            raise NotExpressible(f"the {operation} of several results")
        if operation == "join":
            return ("join", self.of(value(arguments[0])), self.of(value(arguments[1])))
        if operation == "select":
            condition, then, otherwise = arguments[0], value(arguments[1]), value(arguments[2])
            if condition[0] == "not":
                condition, then, otherwise = condition[1], otherwise, then
            if condition[0] == "ge":
                compared = value(condition[1])
                one = None if isinstance(compared, int) else single(compared)
                if one is not None and abs(one[1]) == 1:
                    atom, m, k = one
                    return ("select", self.atom(atom), m, k, self.of(then), self.of(otherwise))
        raise NotExpressible(f"the operation {operation} where a layer is computed")


def plus(e: Expr, k: int) -> Expr:
    """`e + k`."""
    return ("add", e, k) if k else e
