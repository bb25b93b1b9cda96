"""What a recorded run makes of the accumulators: the arg max as a choice, or the code of a continuous action by table.

Serves `kernel.object_code` in Lean.
"""

from __future__ import annotations

from functools import reduce

from tinyverify.artifacts.policy import Policy
from tinyverify.engines.lean_bundle.packing import pack
from tinyverify.engines.lean_object_code.expressions import Expression, Names, NotExpressible
from tinyverify.engines.lean_object_code.program import Expr
from tinyverify.engines.lean_object_code.recorder import Recorder
from tinyverify.engines.machine_code.linear import Linear, Value, single

MAX_CHOICES = 5  # actions whose orders Lean enumerates: n^n


def known_accumulators(terms: Recorder, accumulators: list[Value]) -> dict[int, int]:
    """The index of each accumulator, by its atom."""
    known: dict[int, int] = {}
    for index, value in enumerate(accumulators):
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            raise NotExpressible("an accumulator that is not a word")
        known[one[0]] = index
    if len(known) != len(accumulators):
        raise NotExpressible("two accumulators with the same rows")
    return known


def action_of(terms: Recorder, policy: Policy, known: dict[int, int], action: Value) -> Expr:
    """The action's index as a choice, or its code as an entry of the table; `known`: the index of each accumulator."""
    if policy.discrete:
        if policy.outputs > MAX_CHOICES:
            raise NotExpressible(f"the arg max of more than {MAX_CHOICES} actions")
        return ("index", Choices(terms, known).of(action))
    return _Table(terms, Names(known, policy.outputs, True)).of(action)


class Choices:
    """Choices among constants, by comparing accumulators."""

    def __init__(self, terms: Recorder, accumulators: dict[int, int]):
        self.terms = terms
        self.accumulators = accumulators

    def of(self, value: Value) -> Expr:
        if isinstance(value, int):
            return ("const", value)
        one = single(value)
        if one is None:
            raise NotExpressible("a sum in the choice of an action")
        found = self._choice(one[0])
        return found if one[1:] == (1, 0) else ("affine", found, one[1], one[2])

    def pick(self, value: Value) -> Expr:
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            raise NotExpressible("a comparison with something else than accumulators")
        atom = one[0]
        if atom in self.accumulators:
            return ("acc", self.accumulators[atom])
        operation, arguments, _, _ = self.terms.atoms[atom]
        if operation == "signed":
            return ("signed", self.pick(self.terms.value(arguments[0])), arguments[1])
        if operation == "select":
            return self._ite(arguments[0], *(self.pick(self.terms.value(ref)) for ref in arguments[1:]))
        if operation == "max":
            sides = [self.terms.value(ref) for ref in arguments]
            picks = [self.pick(side) for side in sides if not isinstance(side, int)]
            largest = reduce(lambda p, q: ("max", p, q), picks)
            return reduce(lambda p, k: ("atLeast", p, k), (side for side in sides if isinstance(side, int)), largest)
        raise NotExpressible(f"the operation {operation} on accumulators")

    def _choice(self, atom: int) -> Expr:
        if atom in self.accumulators:
            return ("pick", ("acc", self.accumulators[atom]))
        operation, arguments, _, _ = self.terms.atoms[atom]
        value = self.terms.value
        if operation == "pointer":  # left over where it is never chosen: Lean refuses it elsewhere, as any accumulator
            return ("pick", ("acc", 0))
        if operation in ("signed", "unsigned"):
            return (operation, self.of(value(arguments[0])), arguments[1])
        if operation == "select":
            return self._ite(arguments[0], self.of(value(arguments[1])), self.of(value(arguments[2])))
        if operation == "bit":
            return self._ite(arguments[0], ("const", 1), ("const", 0))
        raise NotExpressible(f"the operation {operation} in the choice of an action")

    def _ite(self, condition: tuple, then: Expr, otherwise: Expr) -> Expr:
        kind, content = condition
        if kind == "not":
            return self._ite(content, otherwise, then)
        if kind == "and":
            first, *rest = content
            return self._ite(first, self._ite(("and", tuple(rest)), then, otherwise) if rest else then, otherwise)
        if kind == "or":
            first, *rest = content
            return self._ite(first, then, self._ite(("or", tuple(rest)), then, otherwise) if rest else otherwise)
        value = self.terms.value(content)
        if isinstance(value, int) or len(value.terms) != 2 or set(value.terms.values()) != {1, -1}:
            raise NotExpressible("a comparison of something else than two accumulators")
        more, less = sorted(value.terms, key=lambda atom: -value.terms[atom])
        a, b = (self.pick(Linear(0, {atom: 1})) for atom in (more, less))
        if kind == "ge":
            return ("ite", a, b, value.constant, then, otherwise)
        if value.constant == 0:  # equal: neither is larger
            return ("ite", a, b, 0, ("ite", b, a, 0, then, otherwise), otherwise)
        raise NotExpressible("a comparison with a constant")


class _Table:
    """The signed byte of a table: `signed(unsigned byte)`, which is what a load with sign extension gives."""

    def __init__(self, terms: Recorder, names: Names):
        self.terms = terms
        self.names = names

    def of(self, value: Value) -> Expr:
        one = None if isinstance(value, int) else single(value)
        if one is None or one[1:] != (1, 0):
            raise NotExpressible("an action's code that is no byte of a table")
        operation, arguments, _, _ = self.terms.atoms[one[0]]
        if operation == "signed" and arguments[1] == 32:
            return self.of(self.terms.value(arguments[0]))
        if operation == "signed" and arguments[1] == 8:
            inner = self.terms.value(arguments[0])
            two = None if isinstance(inner, int) else single(inner)
            if two is not None and two[1:] == (1, 0) and self.terms.atoms[two[0]].operation == "lookup":
                reference, data = self.terms.atoms[two[0]].arguments
                if len(data) != 256:
                    raise NotExpressible(f"a table of {len(data)} bytes")
                index = Expression(self.terms, self.names).of(self.terms.value(reference))
                signed = [byte - 256 if byte > 127 else byte for byte in data]
                return ("table", index, pack(signed))
        raise NotExpressible("an action's code that is no byte of a table")
